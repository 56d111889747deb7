"""An incident in conversation, from the report to closed, with what is refused on the way."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.reply import FieldErrors, Reply
from bot.startup import record_start
from tests.bot.stage import POLICY, Stage, stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State

NUMBER = "INC-2026-0001"
ASSESSED = {
    "kind": "incident", "reason": "Gerät mit Kundendaten verloren", "category": "lost_device",
    "confidentiality": "high", "integrity": "none", "availability": "low", "authenticity": "none",
    "spread": "single", "personal_data": "no", "affected": "NB-17",
}  # fmt: skip


def state(on: Stage) -> State:
    case = on.chat.queries.case(NUMBER, on.speaker("petra").actor)
    assert isinstance(case, IncidentCase)
    return case.state


def replied(outcome: Reply | FieldErrors) -> Reply:
    assert isinstance(outcome, Reply), outcome
    return outcome


def category(on: Stage) -> str:
    return next(one.id for one in on.policy.policy.categories if not one.watched)


def to_contain(on: Stage, **instead: str) -> Reply:
    on.say("max", "melden Laptop aus dem Zug gestohlen")
    form = on.say("jana", "eindämmen 1")
    return replied(on.fill("jana", form, **{**ASSESSED, "category": category(on), **instead}))


def test_a_report_takes_one_sentence_and_says_who_knows(on_stage: Stage) -> None:
    reply = on_stage.say("max", "melden Laptop aus dem Zug gestohlen")
    assert reply.text.startswith(
        "Danke, INC-2026-0001 ist aufgenommen (03:12). Jana K. (Bereitschaft) wird benachrichti"
    )
    assert "Möglichst nichts löschen oder neu aufsetzen." in reply.text
    assert len(reply.receipts) == 1


def test_english_words_speak_english(on_stage: Stage) -> None:
    reply = on_stage.say("tom", "report laptop stolen", command="incident", language="en")
    assert reply.text.startswith("Thanks, INC-2026-0001 is on record (03:12). Jana K. (on call) is being told.")


def test_the_bare_command_asks_one_required_question(on_stage: Stage) -> None:
    reply = on_stage.say("max", "")
    assert reply.form is not None
    assert [one.id for one in reply.form.fields if one.required] == ["what"]
    errors = on_stage.fill("max", reply, what="   ")
    assert isinstance(errors, FieldErrors)
    assert errors.errors == {"what": "Das wird gebraucht."}
    assert "aufgenommen" in replied(on_stage.fill("max", reply, what="Seltsame Mail")).text


def test_a_refused_phase_names_everything_missing_and_keeps_the_rest(on_stage: Stage) -> None:
    reply = to_contain(on_stage, personal_data="", affected="")
    assert reply.text.startswith("Noch nicht in Eindämmen, 2 von 7 Angaben fehlen. Vollständige Angaben sind gespeich")
    assert "• Personenbezogene Daten: ja, nein oder unbekannt" in reply.text
    assert "Kann es nicht warten? Entscheidung: Petra M." in reply.text
    assert reply.form is not None
    assert [one.id for one in reply.form.fields][:2] == ["personal_data", "affected"]
    assert state(on_stage) is State.IDENTIFY

    moved = replied(on_stage.fill("jana", reply, personal_data="no", affected="NB-17"))
    assert moved.text.startswith("INC-2026-0001 ist jetzt in Eindämmen.")
    assert moved.receipts
    assert state(on_stage) is State.CONTAIN


def test_the_lead_can_be_taken_by_button(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    on_stage.say("jana", "rolle 1 leitung ich")
    case = on_stage.chat.queries.case(NUMBER, on_stage.speaker("jana").actor)
    assert isinstance(case, IncidentCase)
    assert case.name_of(case.lead) == "Jana K."


def test_absent_and_invisible_get_the_same_words(on_stage: Stage) -> None:
    form = on_stage.say("petra", "")
    secret = replied(
        on_stage.fill("petra", form, what="Verdacht gegen Max", visibility="sealed", named="Petra M., Lena S.")
    )
    number = secret.case
    assert number == "INC-S-2026-0001"
    for verb in ("status", "übernehmen", "eindämmen", "notiz", "schließen"):
        hidden = on_stage.say("max", f"{verb} {number}")
        absent = on_stage.say("max", f"{verb} INC-S-2026-0099")
        assert hidden.text.replace(number, "X") == absent.text.replace("INC-S-2026-0099", "X")
        assert hidden.form is absent.form is None
        assert hidden.buttons == absent.buttons == ()
    assert on_stage.say("max", "liste").text == "Nichts offen, was Sie hier sehen können."
    assert on_stage.say("jana", "status").buttons == ()
    assert number in on_stage.say("lena", f"status {number}").text


def test_without_a_number_the_channel_decides_or_one_is_picked(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    on_stage.say("max", "melden Seltsame Mail")
    with on_stage.store.transaction() as uow:
        uow.links.put("slack.channel_case", "C0CASE", "INC-2026-0002")
    assert "Seltsame Mail" in on_stage.say("jana", "status", channel="C0CASE").text
    picker = on_stage.say("jana", "notiz Rücksprache gehalten")
    assert picker.text == "Welcher Fall?"
    picked = on_stage.press("jana", picker, picker.buttons[0].label)
    assert picked.text.startswith("Im Verlauf (03:12, ")


def test_a_case_of_another_workflow_is_none_of_this_one(on_stage: Stage) -> None:
    on_stage.say("jana", "plan Neuer Proxy", command="aenderung")
    on_stage.say("max", "melden Laptop weg")
    with on_stage.store.transaction() as uow:
        uow.links.put("slack.channel_case", "C0CASE", "CHG-2026-0001")
    assert on_stage.say("jana", "status", channel="C0CASE").text == "Welcher Fall?"
    assert "Neuer Proxy" in on_stage.say("jana", "status", command="aenderung", channel="C0CASE").text


def test_a_role_that_does_not_suffice_is_told_who_can_help(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    reply = on_stage.say("max", "übernehmen 1")
    assert reply.text.startswith("Mit Ihrer Rolle geht das nicht. Helfen kann: ")
    assert "Jana K." in reply.text
    assert reply.receipts
    assert on_stage.say("jana", "übernehmen 1").text.startswith("Jana K. kümmert sich um INC-2026-0001")


def test_errors_of_a_form_stand_under_their_fields_and_nothing_happens(on_stage: Stage) -> None:
    on_stage.say("max", "melden Laptop weg")
    form = on_stage.say("jana", "aufgabe 1")
    errors = on_stage.fill("jana", form, task="Passwort ändern", owner="Niemand Bekanntes", due="irgendwann")
    assert isinstance(errors, FieldErrors)
    assert set(errors.errors) == {"owner", "due"}
    assert replied(on_stage.fill("jana", form, task="Passwort ändern", owner="max", due="24.12.2026")).receipts


def test_an_override_is_asked_for_and_granted_by_someone_else(on_stage: Stage) -> None:
    to_contain(on_stage)
    asked = on_stage.say("jana", "ausnahme 1 eradicate Es brennt")
    assert "bittet um eine Ausnahme für Bereinigen" in asked.text
    own = on_stage.say("jana", "ausnahme 1 genehmigen Ich selbst")
    assert "zweite Person" in own.text
    granted = on_stage.say("petra", "ausnahme 1 genehmigen Ja, geht nicht anders")
    assert "INC-2026-0001 ist jetzt in Bereinigen." in granted.text
    assert "nachzutragen" in granted.text
    assert state(on_stage) is State.ERADICATE


@pytest.mark.parametrize("criterion", ["restore_source.checked", "monitoring.over"])
def test_a_criterion_can_be_not_applicable_with_its_reason(on_stage: Stage, criterion: str) -> None:
    to_contain(on_stage)
    walk_to(on_stage, State.RECOVER)
    form = on_stage.say("jana", "auswerten 1")
    reply = replied(on_stage.fill("jana", form, skip=criterion, skip_because="Gerät wird ersetzt"))
    assert "als nicht zutreffend eingetragen" not in reply.text
    again = on_stage.say("jana", "auswerten 1")
    assert again.form is not None
    assert not [one for one in again.form.fields if one.id.startswith(criterion)]


def test_n_a_in_a_text_is_an_exemption(on_stage: Stage) -> None:
    to_contain(on_stage)
    walk_to(on_stage, State.ERADICATE)
    form = on_stage.say("jana", "wiederherstellen 1")
    reply = replied(
        on_stage.fill(
            "jana", form, root_cause__text="Diebstahl", root_cause__choice="known", entry_path_closed__text="Zug",
            similar_systems_checked__text="Entfällt: einziges Gerät",
        )
    )  # fmt: skip
    assert "ist jetzt in Wiederherstellen" in reply.text


def walk_to(on: Stage, target: State) -> None:
    """Through the phases, each by its form."""
    if state(on) is State.CONTAIN:
        form = on.say("jana", "bereinigen 1")
        replied(
            on.fill(
                "jana", form, containment_action__text="Konto gesperrt", containment_action__detail="Gesperrt",
                evidence_preserved__choice="none", evidence_preserved__text="Gerät ist weg",
                credentials_revoked__choice="revoked",
            )
        )  # fmt: skip
    if target is State.ERADICATE:
        return
    form = on.say("jana", "wiederherstellen 1")
    replied(
        on.fill(
            "jana", form, root_cause__text="Diebstahl", entry_path_closed__text="Fernlöschung",
            similar_systems_checked__text="Drei Geräte geprüft",
        )
    )  # fmt: skip
    assert state(on) is State.RECOVER


def test_from_report_to_closed_by_two_persons(on_stage: Stage) -> None:
    to_contain(on_stage)
    on_stage.clock.forward(hours=2, minutes=14)
    walk_to(on_stage, State.RECOVER)
    form = on_stage.say("jana", "auswerten 1")
    replied(
        on_stage.fill(
            "jana", form, restore_source_checked__text="Abbild von gestern, Prüfsumme stimmt",
            systems_verified__text="NB-18 läuft", monitoring_over__when="07:00", recovery_declared__person="jana",
            service_owner_agrees__person="tom",
        )
    )  # fmt: skip
    on_stage.clock.forward(days=1)
    assert "ist jetzt in Auswerten" in on_stage.say("jana", "auswerten 1").text

    form = on_stage.say("petra", "schließen 1")
    due = (on_stage.clock() + timedelta(days=14)).date().isoformat()
    closed = replied(
        on_stage.fill(
            "petra", form, review_held__choice="meeting", review_held__when="23.11.2026 15:00",
            review_held__choices="lead isb", process_cause__text="Keine Kabelschlösser", lessons__text="Schnell",
            corrective_action__choice="action", corrective_action__text="Schlösser kaufen",
            corrective_action__person="tom", corrective_action__when=due, retention_class__choice=_retention(on_stage),
        )
    )  # fmt: skip
    assert closed.paragraphs[0].text == (
        "INC-2026-0001 ist geschlossen. Eingedämmt nach 2 h 14 min. "
        "Offen: 1 Maßnahme (Tom B., 08.12.), Wirksamkeit am 07.01. Meldepflichten: keine."
    )
    asked = closed.paragraphs[-1]
    assert (asked.text, [one.label for one in asked.buttons]) == (
        "Was war am Ablauf mühsam?",
        ["Bericht", "Rückmeldung"],
    )
    assert state(on_stage) is State.CLOSED


def test_the_lead_alone_cannot_close(on_stage: Stage) -> None:
    to_contain(on_stage)
    refused = on_stage.say("jana", "schließen 1")
    assert "Von Eindämmen aus geht das nicht." in refused.text
    assert state(on_stage) is State.CONTAIN


def test_no_incident_is_ended_by_close(on_stage: Stage) -> None:
    on_stage.say("max", "melden Bildschirm flackert")
    form = on_stage.say("jana", "schließen 1")
    assert form.form is not None
    assert form.form.id == "incident.dismiss"
    ended = replied(on_stage.fill("jana", form, kind="false_alarm", reason="Wackelkontakt am Kabel"))
    assert "ist kein Vorfall: Fehlalarm. Der Fall ist damit beendet." in ended.text
    assert state(on_stage) is State.DISMISSED


def test_help_says_where_to_report_to_whom_and_under_which_policy(on_stage: Stage) -> None:
    text = on_stage.say("max", "hilfe").text
    assert "Bereitschaft: Jana K. Informationssicherheit (ISB): Petra M." in text
    assert on_stage.policy.sha256[:12] in text
    assert "eindämmen (contain): weiter zu Eindämmen" in text


def test_help_names_deputy_and_channel_where_the_policy_does(tmp_path: Path) -> None:
    more = POLICY.replace(b"people:\n", b"people:\n  - {id: vera, name: Vera T., roles: [deputy]}\n", 1)
    with stage(tmp_path, more) as on:
        assert "festgehalten" not in on.say("max", "hilfe").text
        record_start(on.service, on.policy)
        text = on.say("max", "hilfe").text
        loaded = on.chat.queries.policy_loaded(on.policy.sha256)
        assert loaded is not None
    moment = f"{loaded.astimezone(on.policy.policy.zone):%d.%m.%Y, %H:%M}"
    assert f"Diese Fassung ist festgehalten seit {moment}." in text
    assert "Vertretung: Vera T. Meldungen erscheinen im Kanal C0INTAKE0." in text


def test_an_unknown_word_gets_a_suggestion(on_stage: Stage) -> None:
    assert on_stage.say("max", "statsu").text.startswith("„statsu“ kenne ich nicht. Gemeint `status`")


def _retention(on: Stage) -> str:
    return on.policy.policy.retention_classes[0].id


def test_an_action_that_is_recorded_is_done_and_has_its_result(on_stage: Stage) -> None:
    to_contain(on_stage)
    asked = on_stage.say("jana", "maßnahme #1 Konto gesperrt")
    assert asked.form is not None
    assert [one.id for one in asked.form.fields if one.required] == ["action", "action_kind", "result"]
    assert isinstance(on_stage.fill("jana", asked), FieldErrors)
    assert "Konto gesperrt" in replied(on_stage.fill("jana", asked, result="Keine Anmeldungen mehr")).text
