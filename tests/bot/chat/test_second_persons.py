"""What waits for a second person says so: who it is, with the button, and never to whoever went first."""

from typing import Any

from bot.chat.reply import Reply
from tests.bot.chat.test_incident_talk import replied, to_contain
from tests.bot.stage import Stage


def actions(reply: Reply) -> dict[str, str]:
    listed = [*reply.buttons, *(button for one in reply.paragraphs for button in one.buttons)]
    return {one.label: f"{one.action} {one.value}" for one in listed}


def decided(on: Stage) -> Reply:
    to_contain(on, personal_data="yes")
    form = on.say("jana", "pflicht 1")
    answers: dict[str, Any] = {"regime": "gdpr_33_1", "required": "no", "reason": "verschlüsselt"}
    return replied(on.fill("jana", form, **answers))


def test_an_override_asked_for_names_who_decides_and_offers_it_only_to_them(on_stage: Stage) -> None:
    to_contain(on_stage)
    asked = on_stage.say("jana", "ausnahme 1 bereinigen Angreifer ist noch aktiv")
    assert "Angreifer ist noch aktiv" in asked.text
    assert "Entscheidung: Petra M." in asked.text
    assert "Genehmigen" not in actions(asked)
    assert "Genehmigen" not in actions(on_stage.say("jana", "status 1"))
    assert "Genehmigen" in actions(on_stage.say("petra", "status 1"))


def test_a_duty_not_required_names_who_confirms_and_gives_them_the_button(on_stage: Stage) -> None:
    reply = decided(on_stage)
    assert "Es gilt, sobald eine zweite Person bestätigt: Petra M." in reply.text
    assert "Bestätigen" not in actions(reply)
    assert "eine zweite Person steht aus" in on_stage.say("jana", "status 1").text
    offered = actions(on_stage.say("petra", "status 1"))
    assert offered["Bestätigen"] == "incident.confirm INC-2026-0001 gdpr_33_1"
    assert "bestätigt, dass sie nicht besteht" in on_stage.say("petra", "bestätigen 1").text
    assert "Bestätigen" not in actions(on_stage.say("petra", "status 1"))


def test_nothing_to_confirm_is_said_plainly(on_stage: Stage) -> None:
    to_contain(on_stage)
    assert on_stage.say("petra", "bestätigen 1").text == "Hier wartet nichts auf eine zweite Person."
