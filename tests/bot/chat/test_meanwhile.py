"""A form that lay open while others went on undoes nothing of theirs, and loses nothing that was typed."""

from bot.chat.reply import Reply
from tests.bot.chat.test_closing import walked
from tests.bot.chat.test_incident_talk import replied, state
from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Goal, PersonalData, State

FIRST = {"confidentiality": "low", "personal_data": "unknown", "category": "phishing"}
NEWER = {"confidentiality": "high", "personal_data": "yes", "category": "malware"}
CONTAINED = {
    "kind": "incident", "reason": "Tür offen", "category": "malware", "confidentiality": "low", "integrity": "low",
    "availability": "low", "authenticity": "low", "spread": "single", "personal_data": "no", "affected": "Tür",
}  # fmt: skip


def case(on: Stage) -> IncidentCase:
    found = on.chat.queries.case("INC-2026-0001", on.speaker("jana").actor)
    assert isinstance(found, IncidentCase)
    return found


def reported(on: Stage) -> None:
    on.say("max", "melden Tür stand offen")
    on.clock.forward(minutes=1)


def meanwhile(on: Stage, who: str, form: Reply, **values: str) -> None:
    """Somebody else is faster."""
    on.clock.forward(minutes=1)
    replied(on.fill(who, form, **values))
    on.clock.forward(minutes=1)


def test_a_form_from_before_does_not_take_back_what_others_decided_since(on_stage: Stage) -> None:
    reported(on_stage)
    replied(on_stage.fill("tom", on_stage.say("tom", "bewerten 1"), **FIRST))
    on_stage.clock.forward(minutes=1)
    old = on_stage.say("tom", "bewerten 1")
    meanwhile(on_stage, "petra", on_stage.say("petra", "bewerten 1"), **NEWER)
    again = on_stage.fill("tom", old, affected="Eingang")
    assert isinstance(again, Reply)
    assert again.form is not None
    assert "Inzwischen von anderen geändert" in again.form.notice
    assert "hoch (Petra M." in again.form.notice
    assert "bei Ihnen: gering" in again.form.notice
    known = {one.id: one.value for one in again.form.fields}
    assert (known["affected"], known["confidentiality"], known["category"]) == ("Eingang", "high", "malware")
    assert case(on_stage).affected is None
    replied(on_stage.fill("tom", again))
    assert (case(on_stage).affected, case(on_stage).impact[Goal.CONFIDENTIALITY]) == ("Eingang", "high")


def test_the_same_answer_and_what_nobody_else_touched_are_taken_at_once(on_stage: Stage) -> None:
    reported(on_stage)
    old = on_stage.say("tom", "bewerten 1")
    meanwhile(on_stage, "petra", on_stage.say("petra", "bewerten 1"), personal_data="yes", category="malware")
    replied(on_stage.fill("tom", old, personal_data="yes", affected="Eingang"))
    assert (case(on_stage).affected, case(on_stage).category) == ("Eingang", "malware"), "no answer takes nothing back"


def test_what_was_typed_comes_back_where_the_case_is_over_and_where_it_cannot_be_seen_any_more(on_stage: Stage) -> None:
    reported(on_stage)
    old, note = on_stage.say("tom", "eindämmen 1"), on_stage.say("max", "notiz 1")
    dismissed = on_stage.say("jana", "schließen 1")
    replied(on_stage.fill("jana", dismissed, kind="false_alarm", reason="Wind"))
    told = on_stage.fill("tom", old, affected="Eingang und Lager", reason="Spuren am Schloss")
    assert isinstance(told, Reply)
    assert "Eingang und Lager" in told.text
    assert "Spuren am Schloss" in told.text
    replied(on_stage.chat.submit("incident.reopen", "INC-2026-0001", {"reason": "doch"}, on_stage.speaker("petra")))
    replied(on_stage.say("petra", "einschränken 1 restricted @jana"))
    unseen = on_stage.fill("max", note, note="Um neun stand sie schon offen")
    assert isinstance(unseen, Reply)
    assert "Um neun stand sie schon offen" in unseen.text
    absent = on_stage.chat.submit("incident.note", "INC-2026-0009", {"note": "Um neun"}, on_stage.speaker("max"))
    assert isinstance(absent, Reply)
    same = unseen.text.replace("INC-2026-0001", "N").replace("Um neun stand sie schon offen", "T")
    assert same == absent.text.replace("INC-2026-0009", "N").replace("Um neun", "T")


def test_the_second_of_two_who_send_the_same_step_changes_nothing_and_gets_the_typed_back(on_stage: Stage) -> None:
    reported(on_stage)
    old = on_stage.say("petra", "eindämmen 1")
    meanwhile(on_stage, "tom", on_stage.say("tom", "eindämmen 1"), **CONTAINED)
    assert state(on_stage) is State.CONTAIN
    told = on_stage.fill("petra", old, **CONTAINED | {"personal_data": "yes", "affected": "Eingang und Lager"})
    assert isinstance(told, Reply)
    assert told.text.startswith("Tom B. hat INC-2026-0001 bereits in Eindämmen gebracht (")
    assert "Eingang und Lager" in told.text
    assert "Personenbezogene Daten betroffen: ja" in told.text
    assert "Kategorie: Schadsoftware" in told.text, "as the form shows it"
    assert told.buttons
    assert case(on_stage).personal_data is PersonalData.NO


def test_what_was_saved_is_not_called_lost(on_stage: Stage) -> None:
    told = walked(on_stage)
    assert "Vollständige Angaben sind gespeichert." in told.text
    assert "damit sie nicht verloren gehen" not in told.text
