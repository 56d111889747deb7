"""A form that lay open while others went on undoes nothing of theirs, and loses nothing that was typed."""

from bot.chat.reply import Reply
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
    meanwhile(on_stage, "petra", on_stage.say("petra", "bewerten 1"), personal_data="yes")
    replied(on_stage.fill("tom", old, personal_data="yes", affected="Eingang"))
    assert case(on_stage).affected == "Eingang"


def test_the_second_of_two_who_send_the_same_step_changes_nothing_and_gets_the_typed_back(on_stage: Stage) -> None:
    reported(on_stage)
    old = on_stage.say("petra", "eindämmen 1")
    meanwhile(on_stage, "tom", on_stage.say("tom", "eindämmen 1"), **CONTAINED)
    assert state(on_stage) is State.CONTAIN
    told = on_stage.fill("petra", old, **CONTAINED | {"personal_data": "yes", "affected": "Eingang und Lager"})
    assert isinstance(told, Reply)
    assert told.text.startswith("Tom B. hat INC-2026-0001 bereits in Eindämmen gebracht (")
    assert "Eingang und Lager" in told.text
    assert told.buttons
    assert case(on_stage).personal_data is PersonalData.NO
