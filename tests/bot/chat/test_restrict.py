"""`restrict`: fewer people see a case, or more again, with the same rules as everywhere."""

from bot.chat.reply import FieldErrors, Reply
from config.policy.ids import Visibility
from tests.bot.stage import Stage
from workflows.incident.state import IncidentCase


def visibility(on: Stage, who: str = "petra") -> Visibility | None:
    case = on.chat.queries.case("INC-2026-0001", on.speaker(who).actor)
    return case.visibility if isinstance(case, IncidentCase) else None


def test_a_word_is_enough_where_nobody_has_to_be_named(on_stage: Stage) -> None:
    on_stage.say("max", "melden Verdacht gegen einen Kollegen")
    reply = on_stage.say("petra", "einschränken 1 vertraulich")
    assert len(reply.receipts) == 1, reply.text
    assert visibility(on_stage) is Visibility.RESTRICTED
    assert visibility(on_stage, "max") is None, "who reported it sees it no more"
    assert "kann ich hier nichts anzeigen" in on_stage.say("max", "status 1").text


def test_strictly_confidential_takes_two_named_people(on_stage: Stage) -> None:
    on_stage.say("max", "melden Verdacht gegen einen Kollegen")
    form = on_stage.say("petra", "einschränken 1 streng")
    assert form.form is not None
    assert {one.id: one.value for one in form.form.fields}["visibility"] == "sealed"
    refused = on_stage.fill("petra", form, named="petra")
    assert isinstance(refused, FieldErrors | Reply)
    assert visibility(on_stage) is Visibility.TEAM
    done = on_stage.fill("petra", form, named="petra, dora")
    assert isinstance(done, Reply)
    assert len(done.receipts) == 1, done.text
    assert visibility(on_stage) is Visibility.SEALED
    assert visibility(on_stage, "jana") is None


def test_loosening_takes_the_isb_and_a_reason(on_stage: Stage) -> None:
    on_stage.say("max", "melden Verdacht gegen einen Kollegen")
    on_stage.say("jana", "restrict 1 restricted", command="incident")
    assert "ISB" in on_stage.say("jana", "einschränken 1 team doch nicht").text
    assert visibility(on_stage) is Visibility.RESTRICTED
    assert on_stage.say("petra", "einschränken 1 team").form is not None, "without a reason the form asks for it"
    assert on_stage.say("petra", "einschränken 1 team Verdacht entkräftet").receipts
    assert visibility(on_stage) is Visibility.TEAM
