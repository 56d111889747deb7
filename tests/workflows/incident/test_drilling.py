"""Drills by a scenario: how one begins, and that each inject is told once, in its order, until the drill is over."""

from datetime import timedelta

from tests.workflows.incident.desk import START, TEAM, Desk, policy_of
from workflows.incident.codes import Code
from workflows.incident.commands import Advance, Assess
from workflows.incident.drill_commands import StartDrill, TellInject
from workflows.incident.drilling import due
from workflows.incident.evidence_terms import NoteKind
from workflows.incident.terms import Kind, State

FLOOD = (
    TEAM
    + """
drills:
  scenarios:
    flood:
      title: Flood
      title_de: Hochwasser
      what: Water in the server room
      injects:
        - {after_minutes: 5, text: The pumps fail, text_de: Die Pumpen fallen aus}
        - {after_minutes: 9, text: The power fails}
language: de
"""
)


def flood(*, page: bool = False) -> Desk:
    desk = Desk(policy_of(FLOOD))
    desk.do("max", StartDrill(scenario="flood", page=page))
    return desk


def test_it_begins_as_a_drill_that_calls_nobody_unless_asked() -> None:
    case = flood().case
    assert (case.title, case.what, case.drill, case.quiet) == ("Hochwasser", "Water in the server room", True, True)
    assert not flood(page=True).case.quiet


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    (reason,) = Desk(policy_of(FLOOD)).refused("max", StartDrill(scenario="fire"))
    assert (reason.code, reason.found) == (Code.INVALID, "fire")
    assert "flood" in reason.expected.split()


def test_each_comes_once_in_its_order_and_at_its_time() -> None:
    desk = flood()
    assert due(desk.policy, desk.case) == START + timedelta(minutes=5)
    assert [one.code for one in desk.refused("", TellInject(no=1))] == [Code.ALREADY]
    desk.do("", TellInject(no=0))
    assert [one.code for one in desk.refused("", TellInject(no=0))] == [Code.ALREADY]
    assert due(desk.policy, desk.case) == START + timedelta(minutes=9)
    desk.do("", TellInject(no=1))
    assert [(one.kind, one.text) for one in desk.case.notes] == [
        (NoteKind.INJECT, "Die Pumpen fallen aus"), (NoteKind.INJECT, "The power fails"),
    ]  # fmt: skip
    assert due(desk.policy, desk.case) is None


def test_they_stop_at_the_end() -> None:
    desk = flood()
    desk.do("jana", Assess(kind=Kind.FALSE_ALARM, reason="Only a drill"))
    assert due(desk.policy, desk.case) is not None
    desk.do("jana", Advance(to=State.DISMISSED))
    assert due(desk.policy, desk.case) is None
    assert [one.code for one in desk.refused("", TellInject(no=0))] == [Code.CASE_CLOSED]
