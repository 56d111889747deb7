"""Root causes that came up before: offered in the form, and the earlier cases named in the answer."""

import pytest

from bot.chat.reply import Reply
from config.policy.ids import Criterion, Visibility
from tests.bot.stage import Stage
from tests.workflows.incident.desk import ASSESSED, Desk, given_for
from workflows.commands import Command
from workflows.incident.commands import Advance, Answer, Assess, Given, Report
from workflows.incident.terms import State
from workflows.outcome import Accepted

FIELD = "root_cause~detail"


def do(on: Stage, who: str, command: Command) -> None:
    on.clock.forward(minutes=1)
    assert isinstance(on.service.handle(command, on.speaker(who).actor), Accepted)


def caused(on: Stage, number: str, tag: str, **report: object) -> None:
    """A case of which the cause is known."""
    do(on, "petra", Report(what="Konto übernommen", **report))  # type: ignore[arg-type]
    do(on, "petra", Answer(case=number, answers=(Given(criterion=Criterion.ROOT_CAUSE, text="Ohne MFA", detail=tag),)))


def eradicated(on: Stage, number: str) -> Reply:
    """Another case; the form that asks for its cause."""
    do(on, "max", Report(what="Wieder ein Konto"))
    do(on, "jana", Advance(case=number, to=State.CONTAIN, assess=Assess(**ASSESSED)))
    given = given_for(State.ERADICATE, Desk(now=on.clock()))
    do(on, "jana", Advance(case=number, to=State.ERADICATE, answers=given))
    return on.say("jana", f"wiederherstellen {number}")


def hint(reply: Reply) -> str:
    assert reply.form is not None
    return next(one.hint for one in reply.form.fields if one.id == FIELD)


@pytest.mark.parametrize("visibility", [Visibility.TEAM, Visibility.RESTRICTED])
def test_tags_are_offered_and_earlier_cases_named_to_whom_may_see_them(on_stage: Stage, visibility: Visibility) -> None:
    caused(on_stage, "INC-2026-0001", "fehlende-mfa", visibility=visibility)
    caused(on_stage, "INC-2026-0002", "Makros")
    caused(on_stage, "INC-2026-0003", "Übung", drill=True)
    reply = eradicated(on_stage, "INC-2026-0004")
    seen = visibility is Visibility.TEAM
    assert ("fehlende-mfa" in hint(reply)) is seen
    assert "Makros" in hint(reply)
    assert "Übung" not in hint(reply), "a drill is left out"
    assert "fehlende-mfa" in hint(on_stage.say("petra", "wiederherstellen 4"))
    told = on_stage.fill("jana", reply, root_cause__text="Ohne MFA", root_cause__detail=" Fehlende-MFA ")
    assert isinstance(told, Reply)
    assert told.text.startswith("Noch nicht in"), "what was answered is kept"
    assert ("Dieselbe Ursache wie in einem früheren Fall:\nINC-2026-0001" in told.text) is seen
    assert "INC-2026-0002" not in told.text


def test_the_answer_to_a_step_names_all_of_them_and_only_when_the_cause_was_named(on_stage: Stage) -> None:
    for number in (1, 2):
        caused(on_stage, f"INC-2026-000{number}", "fehlende-mfa")
    reply = eradicated(on_stage, "INC-2026-0003")
    told = on_stage.fill(
        "jana", reply, root_cause__text="Ohne MFA", root_cause__detail="fehlende-mfa",
        entry_path_closed__text="Gesperrt", similar_systems_checked__text="Keine",
    )  # fmt: skip
    assert isinstance(told, Reply)
    assert "ist jetzt in Wiederherstellen" in told.text
    assert "Dieselbe Ursache wie in 2 früheren Fällen:\nINC-2026-0002 (23.11.2026): " in told.text
    assert "Konto übernommen" in on_stage.press("jana", told, "INC-2026-0001").text
    assert "Dieselbe Ursache" not in on_stage.say("jana", "notiz 3 Passwort geändert").text


def test_without_an_earlier_case_the_hint_says_what_a_tag_is(on_stage: Stage) -> None:
    assert "fehlende-mfa" in hint(eradicated(on_stage, "INC-2026-0001"))
