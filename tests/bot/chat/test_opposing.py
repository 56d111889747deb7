"""A decision that was typed while somebody else took another one about the same: it is asked once more, not taken."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.chat.port import Decides, Utterance
from bot.chat.reply import FieldErrors, Reply
from config.policy.ids import Risk, Severity, Visibility
from tests.bot.chat.test_change_talk import NUMBER as CHANGE
from tests.bot.chat.test_change_talk import change
from tests.bot.chat.test_incident_talk import NUMBER, replied, to_contain
from tests.bot.chat.test_passing import incident
from tests.bot.stage import POLICY, Stage, stage
from workflows.actors import Actor
from workflows.commands import Command
from workflows.incident.terms import DutyDecision, OverrideState, State
from workflows.outcome import Outcome

ERADICATED = {
    "containment.action~text": "Konto gesperrt", "containment.action~detail": "zu", "evidence.preserved~choice": "none",
    "evidence.preserved~text": "keine Spuren", "credentials.revoked~choice": "revoked",
}  # fmt: skip
DECIDED = "Inzwischen haben andere dazu entschieden:"


def entries(on: Stage) -> int:
    with on.store.reading() as reads:
        return len(list(reads.entries()))


def submitted(on: Stage, who: str, form: str, number: str = NUMBER, **values: str) -> None:
    """A form that somebody opened just now."""
    replied(on.chat.submit(form, number, values, on.speaker(who)))


def sent(on: Stage, who: str, old: Reply, values: Mapping[str, str]) -> Reply | FieldErrors:
    """The form of a reply with these answers in it."""
    assert old.form is not None, old.text
    held = {one.id: one.value for one in old.form.fields if one.value}
    return on.chat.submit(old.form.id, old.form.about, {**held, **values}, on.speaker(who))


def said(who: str, line: str, command: str = "vorfall") -> Callable[[Stage], None]:
    """Somebody types a line that is carried out."""

    def do(on: Stage) -> None:
        told = on.say(who, line, command=command)
        assert told.receipts, told.text

    return do


def asked_again(on: Stage, who: str, old: Reply, meanwhile: Callable[[Stage], None], **values: str) -> Reply:
    """What somebody is told who sends a form from before; nothing is recorded, and the form holds what was typed."""
    on.clock.forward(minutes=1)
    meanwhile(on)
    on.clock.forward(minutes=1)
    before = entries(on)
    again = sent(on, who, old, values)
    assert isinstance(again, Reply), again
    assert entries(on) == before
    assert again.form is not None, again.text
    held = {one.id: one.value for one in again.form.fields}
    assert {name: held[name] for name in values} == values
    assert not again.receipts
    return again


def taken(on: Stage, who: str, again: Reply) -> None:
    """It still holds: sent again it is carried out."""
    assert replied(on.fill(who, again)).receipts


def notice(reply: Reply) -> str:
    assert reply.form is not None
    return reply.form.notice


def test_a_severity_is_not_set_back_unseen(on_stage: Stage) -> None:
    to_contain(on_stage)
    old, twin = on_stage.say("tom", "schwere 1"), on_stage.say("tom", "schwere 1")
    again = asked_again(on_stage, "tom", old, said("petra", "schwere 1 S1 Kundendaten betroffen"),
                        severity="S3", severity_reason="Nur ein Konto")  # fmt: skip
    assert DECIDED in notice(again)
    assert "Petra M., " in notice(again)
    assert "Schwere S1." in notice(again)
    assert "noch einmal absenden" in notice(again)
    assert incident(on_stage).severity is Severity.S1
    same = on_stage.fill("tom", twin, severity="S1", severity_reason="Kundendaten")
    assert isinstance(same, FieldErrors), "who decides the same is told that it is so"
    taken(on_stage, "tom", again)
    assert incident(on_stage).severity is Severity.S3


@dataclass
class Narrowly:
    """The service. Somebody else is faster by a moment, after a form was looked at and before it is decided."""

    service: Decides
    others: Iterator[object]
    """Each is done when it is asked for."""

    def handle(self, command: Command, actor: Actor, request: str = "", seen: int | None = None) -> Outcome:
        next(self.others, None)
        return self.service.handle(command, actor, request, seen)


def test_who_is_faster_by_a_moment_is_not_set_back_either(on_stage: Stage) -> None:
    to_contain(on_stage)
    old, note = on_stage.say("tom", "schwere 1"), on_stage.say("tom", "notiz 1")
    chat = on_stage.chat

    def petra(*lines: str) -> Narrowly:
        def others() -> Iterator[object]:
            for line in lines:
                on_stage.clock.forward(seconds=1)
                yield chat.handle(Utterance(on_stage.speaker("petra"), line, "vorfall"))

        return Narrowly(chat.service, others())

    on_stage.clock.forward(minutes=1)
    on_stage.chat = replace(chat, service=petra("schwere 1 S1 Kundendaten"))
    again = replied(sent(on_stage, "tom", old, {"severity": "S3", "severity_reason": "Nur ein Konto"}))
    assert DECIDED in notice(again)
    assert incident(on_stage).severity is Severity.S1
    taken(on_stage, "tom", again)
    on_stage.chat = replace(chat, service=petra(*(f"notiz #1 Meldung {number}" for number in range(9))))
    assert replied(sent(on_stage, "tom", note, {"note": "gesehen"})).receipts, "nobody is kept waiting for ever"
    assert [str(one.text) for one in incident(on_stage).notes].count("gesehen") == 1


def test_it_is_said_in_the_language_of_whoever_sends_it(on_stage: Stage) -> None:
    to_contain(on_stage)
    on_stage.language = "en"
    old = on_stage.say("tom", "severity 1")
    again = asked_again(on_stage, "tom", old, said("petra", "severity 1 S1 Customer data"),
                        severity="S3", severity_reason="One account")  # fmt: skip
    assert notice(again).startswith("Others have decided on this meanwhile:\n• Petra M., ")
    assert "Severity S1." in notice(again)
    assert notice(again).endswith("what you entered stands in the form. If it still holds, send it again.")


def test_the_lead_is_not_taken_from_who_just_took_it(on_stage: Stage) -> None:
    to_contain(on_stage)
    old = on_stage.say("jana", "rolle 1")
    again = asked_again(on_stage, "jana", old, said("petra", "rolle 1 lead Petra M."), role="lead", person="Tom B.")
    assert "Vorfallsleitung: Petra M." in notice(again)
    assert incident(on_stage).name_of(incident(on_stage).lead) == "Petra M."
    taken(on_stage, "jana", again)
    assert incident(on_stage).name_of(incident(on_stage).lead) == "Tom B."


def test_another_role_is_given_beside_and_who_was_taken_out_is_not_named_again_unseen(on_stage: Stage) -> None:
    to_contain(on_stage)
    said("jana", "rolle 1 named Max H.")(on_stage)
    old, other = on_stage.say("jana", "rolle 1"), on_stage.say("jana", "rolle 1")
    on_stage.clock.forward(minutes=1)
    said("petra", "rolle 1 scribe Lena S.")(on_stage)
    assert replied(sent(on_stage, "jana", other, {"role": "scribe", "person": "Tom B."})).receipts
    again = asked_again(on_stage, "jana", old, said("petra", "rolle 1 named Max H. entfernen"),
                        role="named", person="Max H.")  # fmt: skip
    assert "Max H." in notice(again)


def test_a_case_is_not_opened_to_more_people_than_somebody_just_decided(on_stage: Stage) -> None:
    to_contain(on_stage)
    old = on_stage.say("petra", "einschränken 1")
    again = asked_again(
        on_stage, "petra", old,
        lambda on: submitted(on, "jana", "incident.restrict", visibility="sealed", named="Petra M., Jana K."),
        visibility="restricted",
    )  # fmt: skip
    assert DECIDED in notice(again)
    assert incident(on_stage).visibility is Visibility.SEALED


def test_a_duty_that_was_decided_is_not_decided_otherwise_unseen(on_stage: Stage) -> None:
    to_contain(on_stage, personal_data="yes")
    old = on_stage.say("petra", "pflicht 1")
    again = asked_again(
        on_stage, "petra", old,
        lambda on: submitted(on, "dora", "incident.duty", regime="gdpr_33_1", required="yes", reason="Hohes Risiko"),
        regime="gdpr_33_1", required="no", reason="verschlüsselt",
    )  # fmt: skip
    assert "DSGVO" in notice(again)
    duty = incident(on_stage).duty("gdpr_33_1")
    assert duty is not None
    assert duty.decision is DutyDecision.REQUIRED
    other = on_stage.say("petra", "pflicht 1")
    on_stage.clock.forward(minutes=1)
    submitted(on_stage, "dora", "incident.duty", regime="gdpr_34", required="yes", reason="Hohes Risiko")
    assert replied(on_stage.fill("petra", other, regime="gdpr_33_1", required="yes", reason="auch so")).receipts


def test_a_way_back_is_not_taken_from_another_phase_than_the_one_that_was_left(on_stage: Stage) -> None:
    to_contain(on_stage)
    old = on_stage.say("tom", "zurück 1")
    again = asked_again(
        on_stage, "tom", old, lambda on: submitted(on, "jana", "incident.eradicate", **ERADICATED),
        to="identify", reason="Kategorie falsch",
    )  # fmt: skip
    assert "Bereinigen" in notice(again)
    assert incident(on_stage).state is State.ERADICATE
    taken(on_stage, "tom", again)
    assert incident(on_stage).state is State.IDENTIFY


def test_an_override_is_decided_by_who_has_read_it(on_stage: Stage) -> None:
    to_contain(on_stage)
    said("jana", "ausnahme 1 eradicate Spuren fehlen")(on_stage)
    old = on_stage.say("petra", "ausnahme 1 genehmigen")

    def newer(on: Stage) -> None:
        said("jana", "ausnahme 1 ablehnen Versehen")(on)
        said("jana", "ausnahme 1 eradicate Alle Rechner sind weg")(on)

    again = asked_again(on_stage, "petra", old, newer, decision="grant", decision_reason="Gut so")
    assert "Alle Rechner sind weg" in notice(again)
    assert [one.state for one in incident(on_stage).overrides] == [OverrideState.DENIED, OverrideState.REQUESTED]
    taken(on_stage, "petra", again)
    assert incident(on_stage).state is State.ERADICATE


def test_another_offer_of_the_lead_is_not_declined_unread(on_stage: Stage) -> None:
    to_contain(on_stage)
    said("jana", "übergabe 1 Tom B.: Mail läuft")(on_stage)
    old = on_stage.say("tom", "übergabe 1 ablehnen")

    def newer(on: Stage) -> None:
        said("jana", "übergabe 1 zurückziehen Versehen")(on)
        said("jana", "übergabe 1 Tom B.: Nur noch eine Stunde")(on)

    again = asked_again(on_stage, "tom", old, newer, reason="Keine Zeit")
    assert "Tom B." in notice(again)
    assert incident(on_stage).handover is not None


def test_a_service_owner_is_not_asked_in_the_place_of_another_unseen(tmp_path: Path) -> None:
    with stage(tmp_path, POLICY.replace(b"roles: [engineer]", b"roles: [service_owner]")) as on:
        to_contain(on)
        old = on.say("jana", "zustimmung 1")
        again = asked_again(on, "jana", old, said("petra", "zustimmung #1 Max H."), service_owner="tom")
        assert "Max H." in notice(again)
        taken(on, "jana", again)
        asked = incident(on).owner_asked
        assert asked is not None
        assert incident(on).name_of(asked.person) == "Tom B."


def test_tasks_and_corrective_actions_stay_with_whom_somebody_just_gave_them_to(on_stage: Stage) -> None:
    to_contain(on_stage)
    said("jana", "aufgabe #1 Konten löschen")(on_stage)
    old = on_stage.say("jana", "aufgabe #1 übergeben 1")
    again = asked_again(
        on_stage, "jana", old, said("petra", "aufgabe #1 übergeben 1 Max H."), number="1", person="Tom B."
    )
    assert "Um Aufgabe 1 kümmert sich ab jetzt Max H." in notice(again)
    submitted(on_stage, "jana", "incident.corrective", task="Platten verschlüsseln", owner="Tom B.", due="2026-12-24")
    other = on_stage.say("jana", "maßnahme #1 übergeben 1")
    again = asked_again(
        on_stage, "jana", other, said("petra", "maßnahme #1 übergeben 1 Max H."), number="1", person="Lena S."
    )
    assert "Max H." in notice(again)


def test_what_was_found_not_enough_is_not_called_done_unseen(on_stage: Stage) -> None:
    to_contain(on_stage)
    submitted(on_stage, "jana", "incident.corrective", task="Platten verschlüsseln", owner="Tom B.", due="2026-12-24")
    done, checked = on_stage.say("petra", "maßnahme #1 erledigt 1"), on_stage.say("petra", "maßnahme #1 prüfen 1")

    def newer(on: Stage) -> None:
        said("tom", "maßnahme #1 erledigt 1 verschlüsselt")(on)
        said("jana", "maßnahme #1 prüfen 1 nicht wirksam: zwei vergessen")(on)

    again = asked_again(on_stage, "petra", done, newer, number="1", result="verschlüsselt")
    assert "Korrekturmaßnahme 1 ist nicht wirksam." in notice(again) or "wieder offen" in notice(again), notice(again)
    again = asked_again(on_stage, "petra", checked, said("tom", "maßnahme #1 erledigt 1 alle"),
                        number="1", effective="no", finding="zwei vergessen")  # fmt: skip
    assert "Tom B." in notice(again)


def test_ties_and_corrections_of_others_are_not_contradicted_unseen(on_stage: Stage) -> None:
    to_contain(on_stage)
    said("jana", "plan Neuer Proxy", "aenderung")(on_stage)
    said("jana", f"verknüpfen 1 {CHANGE} behebt")(on_stage)
    old, note = on_stage.say("tom", "verknüpfen 1"), on_stage.say("tom", "notiz 1")
    again = asked_again(on_stage, "tom", old, said("petra", f"verknüpfen 1 {CHANGE} behebt entfernen"),
                        linked=CHANGE, relation="fixes")  # fmt: skip
    assert CHANGE in notice(again)
    assert incident(on_stage).fixes == ()
    again = asked_again(
        on_stage, "tom", note, said("petra", "notiz #1 berichtigt 1 Um neun"), note="Um zehn", corrects="1"
    )
    assert "Um neun" in notice(again)


def test_risk_and_plan_of_a_change(on_stage: Stage) -> None:
    said("jana", "plan Neuer Proxy", "aenderung")(on_stage)
    old = on_stage.say("petra", "risiko 1", command="aenderung")
    again = asked_again(on_stage, "petra", old, said("lena", "risiko 1 critical Kundendaten", "aenderung"),
                        risk="high", reason="Proxy")  # fmt: skip
    assert DECIDED in notice(again)
    assert change(on_stage).risk is Risk.CRITICAL
    on_stage.fill("jana", on_stage.say("jana", "plan 1", command="aenderung"), change_description="Alt")
    turned = on_stage.say("tom", "plan 1", command="aenderung")
    plan, long = on_stage.say("tom", "plan 1", command="aenderung"), "Der neue Proxy ersetzt den alten. " * 10
    on_stage.clock.forward(minutes=1)
    on_stage.fill(
        "petra", on_stage.say("petra", "plan 1", command="aenderung"), change_description="Der neue ersetzt den alten"
    )
    on_stage.clock.forward(minutes=1)
    words = replied(on_stage.fill("tom", turned, change_description="den neue ersetzt Der alten"))
    assert "Der neue ersetzt den alten (Petra M., " in notice(words), "the same words in another order are another text"
    again_or = on_stage.fill("tom", plan, change_description=long, security="TLS 1.3")
    assert isinstance(again_or, Reply)
    assert again_or.form is not None
    held = {one.id: one.value for one in again_or.form.fields}
    assert (held["change_description"], held["security"]) == ("Der neue ersetzt den alten", "TLS 1.3")
    assert "Der neue ersetzt den alten (Petra M., " in notice(again_or)
    assert long.strip() in "\n".join(again_or.form.page), "nothing that was typed is lost"
    assert change(on_stage).security is None
    taken(on_stage, "tom", again_or)
    assert (change(on_stage).description, change(on_stage).security) == ("Der neue ersetzt den alten", "TLS 1.3")


def test_an_assessment_sets_neither_severity_nor_lead_back_unseen(on_stage: Stage) -> None:
    to_contain(on_stage)
    old = on_stage.say("tom", "bewerten 1")

    def newer(on: Stage) -> None:
        said("petra", "schwere 1 S1 Kundendaten betroffen")(on)
        said("petra", "rolle 1 lead Petra M.")(on)

    again = asked_again(on_stage, "tom", old, newer,
                        severity="S4", severity_reason="Nur ein Konto", lead="Tom B.")  # fmt: skip
    assert "S1" in notice(again)
    assert "Vorfallsleitung: Petra M." in notice(again)
    assert (incident(on_stage).severity, incident(on_stage).name_of(incident(on_stage).lead)) == (
        Severity.S1,
        "Petra M.",
    )


def test_what_only_adds_is_taken_whatever_others_added(on_stage: Stage) -> None:
    to_contain(on_stage)
    lines = {
        "notiz 1": {"note": "gesehen"},
        "stand 1": {"update": "läuft"},
        "maßnahme 1": {"action": "gesperrt", "result": "zu"},
        "aufgabe 1": {"task": "Anzeige"},
        "beweis 1": {"description": "Protokoll"},
    }
    old = {line: on_stage.say("tom", line) for line in lines}
    on_stage.clock.forward(minutes=1)
    for line, values in lines.items():
        assert replied(on_stage.fill("petra", on_stage.say("petra", line), **values)).receipts
    said("petra", "schwere 1 S1 Kundendaten")(on_stage)
    on_stage.clock.forward(minutes=1)
    for line, values in lines.items():
        assert replied(on_stage.fill("tom", old[line], **values)).receipts, line


def test_a_fault_in_a_form_makes_it_no_younger(on_stage: Stage) -> None:
    to_contain(on_stage)
    old = on_stage.say("tom", "schwere 1").form
    assert old is not None
    on_stage.clock.forward(minutes=1)
    speaker, faults = on_stage.speaker("tom"), FieldErrors({"severity": "fehlt"})
    said("petra", "schwere 1 S1 Kundendaten")(on_stage)
    on_stage.clock.forward(minutes=1)
    corrected = on_stage.chat.ask_again(old.id, old.about, {"severity": ""}, faults, speaker)
    again = on_stage.fill("tom", corrected, severity="S3", severity_reason="Nur ein Konto")
    assert isinstance(again, Reply)
    assert DECIDED in notice(again)


def test_a_step_leaves_what_others_answered_of_it_meanwhile(on_stage: Stage) -> None:
    on_stage.say("max", "melden Tür stand offen")
    old = on_stage.say("tom", "eindämmen 1")
    on_stage.clock.forward(minutes=1)
    replied(on_stage.fill("petra", on_stage.say("petra", "bewerten 1"), personal_data="yes", category="malware"))
    on_stage.clock.forward(minutes=1)
    before = entries(on_stage)
    again = on_stage.fill("tom", old, kind="incident", reason="Offen", category="phishing", personal_data="no",
                          affected="Eingang")  # fmt: skip
    assert isinstance(again, Reply)
    assert again.form is not None
    assert entries(on_stage) == before
    assert "Inzwischen von anderen beantwortet; dabei bleibt es:" in notice(again)
    assert "Kategorie: Schadsoftware (Petra M., " in notice(again)
    assert "bei Ihnen: Phishing" in notice(again)
    held = {one.id: one.value for one in again.form.fields}
    assert "personal_data" not in held
    assert (held["affected"], held["reason"]) == ("Eingang", "Offen")
    on_stage.fill("tom", again)
    assert (incident(on_stage).category, incident(on_stage).affected) == ("malware", "Eingang")


def test_a_cause_that_somebody_else_found_meanwhile_stays_and_the_other_is_given_back(on_stage: Stage) -> None:
    to_contain(on_stage)
    replied(on_stage.chat.submit("incident.eradicate", NUMBER, ERADICATED, on_stage.speaker("jana")))
    old = on_stage.say("tom", "wiederherstellen 1")
    on_stage.clock.forward(minutes=1)
    found = {"root_cause~choice": "known", "root_cause~text": "Makros erlaubt", "root_cause~detail": "makros"}
    on_stage.chat.submit("incident.recover", NUMBER, found, on_stage.speaker("jana"))
    on_stage.clock.forward(minutes=1)
    again = on_stage.fill("tom", old, root_cause__choice="hypothesis", root_cause__text="Tür offen",
                          entry_path_closed__text="Zu")  # fmt: skip
    assert isinstance(again, Reply)
    assert again.form is not None
    assert "Jana K., " in notice(again)
    assert "Tür offen" in "\n".join(again.form.page)
    assert {one.id: one.value for one in again.form.fields}["entry_path.closed~text"] == "Zu"
    answer = incident(on_stage).answers
    assert "Makros erlaubt" in {str(one.text) for one in answer.values()}
