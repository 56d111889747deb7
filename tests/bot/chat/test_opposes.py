"""Which steps of others decide the same matter as a form that lay open: of changes, tasks, and cases that are over."""

from typing import Any

from bot.chat.opposing import opposes
from config.policy.ids import Requirement
from tests.bot.chat.test_change_talk import change
from tests.bot.chat.test_incident_talk import replied
from tests.bot.chat.test_opposing import asked_again, notice, said, taken
from tests.bot.chat.test_passing import incident
from tests.bot.stage import Stage
from tests.workflows.change.test_deploying import in_production
from tests.workflows.change.test_emergency import BREAK, held, merged_in_emergency, settle
from tests.workflows.change.world import NUMBER, World
from tests.workflows.incident.desk import reported
from tests.workflows.incident.test_issues import SHOP
from workflows.change.commands import NameSuccessor, RecordRollback
from workflows.change.emergency_commands import EndEmergency
from workflows.change.emergency_events import EmergencyOpened, RequirementOwed
from workflows.change.events import SuccessorNamed
from workflows.commands import Command
from workflows.events import Event
from workflows.incident.commands import OpenTask
from workflows.incident.issues import IssueRef
from workflows.incident.task_commands import LinkTask
from workflows.incident.task_events import TaskLinked
from workflows.incident.terms import State


def stands(world: World, command: Command, kind: type[Event]) -> bool:
    """Whether any entry of this kind speaks against the command, as the change now stands."""
    found: list[Any] = world.events(kind)
    assert found
    return any(opposes(world.case, command, event) for event in found)


def test_an_emergency_is_ended_by_who_has_read_it() -> None:
    world, end = held(), EndEmergency(case=NUMBER, reason="vorbei")
    world.do(BREAK, "tom")
    assert stands(world, end, EmergencyOpened)
    assert world.do(end, "lena") == ()
    assert not stands(world, end, EmergencyOpened), "none runs: the rule says so by itself"


def test_what_became_due_meanwhile_is_read_before_it_is_settled() -> None:
    world = merged_in_emergency()
    assert stands(world, settle(Requirement.FOUR_EYES), RequirementOwed)
    assert not stands(world, settle(Requirement.RISK_CLASSIFIED), RequirementOwed)


def test_the_successor_that_somebody_named_is_not_replaced_unseen() -> None:
    world = in_production()
    world.related = {
        number: world.case.model_copy(update={"number": number}) for number in ("CHG-2026-0002", "CHG-2026-0003")
    }
    world.do(RecordRollback(case=NUMBER, environment="prod", reason="Fehler"), "tom")
    assert world.do(NameSuccessor(case=NUMBER, successor="CHG-2026-0002"), "max") == ()
    assert stands(world, NameSuccessor(case=NUMBER, successor="CHG-2026-0003"), SuccessorNamed)
    assert not stands(world, NameSuccessor(case=NUMBER, successor="CHG-2026-0002"), SuccessorNamed)


def test_a_case_that_was_opened_again_and_ended_otherwise_is_not_opened_unseen(on_stage: Stage) -> None:
    on_stage.say("max", "melden Tür stand offen")

    def dismissed(why: str) -> None:
        form = on_stage.say("petra", "schließen 1")
        assert replied(on_stage.fill("petra", form, kind="false_alarm", reason=why)).receipts
        assert incident(on_stage).state is State.DISMISSED

    dismissed("Nur verlegt")
    old = on_stage.say("jana", "zurück 1")

    def newer(on: Stage) -> None:
        said("petra", "zurück 1 erkennen doch nicht")(on)
        dismissed("Übung der Feuerwehr")

    again = asked_again(on_stage, "jana", old, newer, reason="Neue Spur")
    assert "Petra M." in notice(again)
    taken(on_stage, "jana", again)
    assert incident(on_stage).state is State.IDENTIFY


def test_the_owner_that_somebody_just_gave_to_a_change_stays(on_stage: Stage) -> None:
    said("jana", "plan Neuer Proxy", "aenderung")(on_stage)
    old = on_stage.say("tom", "plan 1", command="aenderung")

    def newer(on: Stage) -> None:
        form = on.say("petra", "plan 1", command="aenderung")
        assert replied(on.fill("petra", form, change_owner="Lena S.")).receipts

    again = asked_again(on_stage, "tom", old, newer, change_owner="Max H.")
    assert "Petra M." in notice(again)
    assert change(on_stage).name_of(change(on_stage).owner) == "Lena S."
    taken(on_stage, "tom", again)
    assert change(on_stage).name_of(change(on_stage).owner) == "Max H."


def test_a_task_follows_the_issue_that_somebody_just_said() -> None:
    desk = reported()
    for text in ("Call the provider", "Rotate the keys"):
        desk.do("jana", OpenTask(text=text, owner=desk.person("max")))
    desk.do("jana", LinkTask(no=1, issue=SHOP))
    (linked,) = (item.event for item in desk.entries if isinstance(item.event, TaskLinked))
    other = IssueRef(repository="acme/shop", number=13)
    assert opposes(desk.case, LinkTask(no=1, issue=other), linked)
    assert not opposes(desk.case, LinkTask(no=1, issue=SHOP), linked)
    assert not opposes(desk.case, LinkTask(no=2, issue=other), linked)
