"""The paging ladder: in which order people are called, and when it ends."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import Visibility
from tests.workflows.incident.desk import START, TEAM, Desk, policy_of
from workflows.actors import Person, PersonId
from workflows.incident.codes import Code
from workflows.incident.commands import Acknowledge, Report
from workflows.incident.paging import called
from workflows.incident.paging_commands import DeclinePage, Page
from workflows.incident.waiting import is_waiting

ROSTER = TEAM.replace("duty_roster: [jana]", "duty_roster: [jana, tom, petra]")


def desk(**report: object) -> Desk:
    made = Desk(policy_of(ROSTER))
    made.do("max", Report(what="Printer prints by itself", **report))  # type: ignore[arg-type]
    return made


def call(on: Desk, step: int) -> list[str]:
    """Let a step call; whom it called."""
    people = called(on.policy, on.case, step)
    if people:
        on.do("", Page(step=step, called=tuple(Person(PersonId(one.id), one.name) for one in people)))
    return [one.id for one in people]


def test_one_after_the_other_and_in_the_end_everybody() -> None:
    on = desk()
    assert [call(on, step) for step in range(3)] == [["jana"], ["tom"], ["petra", "dieter"]]
    assert [page.step for page in on.case.pages] == [0, 1, 2, 2]
    assert call(on, 2) == [], "nobody twice"


def test_it_ends_when_somebody_looks_after_it() -> None:
    on = desk()
    call(on, 0)
    assert is_waiting(on.case)
    on.do("jana", Acknowledge())
    assert not is_waiting(on.case)
    refused = on.refused("", Page(step=1, called=(on.person("tom"),)))
    assert [one.code for one in refused] == [Code.ALREADY]


def test_only_who_was_called_can_say_that_they_cannot_and_once() -> None:
    on = desk()
    call(on, 0)
    assert [one.code for one in on.refused("tom", DeclinePage())] == [Code.NOT_CALLED]
    on.do("jana", DeclinePage(reason="Im Zug"))
    assert on.case.pages[0].declined_at is not None
    assert [one.code for one in on.refused("jana", DeclinePage())] == [Code.ALREADY]


def test_nobody_is_called_to_a_drill_a_backfilled_or_a_strictly_confidential_case() -> None:
    sealed = {"visibility": Visibility.SEALED, "named": (Desk().person("petra"), Desk().person("dieter"))}
    afterwards = {"backfill": True, "reported": START}
    assert [is_waiting(desk(**one).case) for one in ({}, {"drill": True}, afterwards, sealed)] == [
        True, False, False, False,
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["page 0", "page 1", "page 2", "jana cant", "tom cant", "ack"]), max_size=12))
def test_whatever_happens_nobody_is_called_twice_or_after_the_end(steps: Sequence[str]) -> None:
    on = desk()
    for step in steps:
        waiting, before = is_waiting(on.case), len(on.case.pages)
        who, _, what = step.partition(" ")
        if who == "page" and waiting:
            call(on, int(what))
        elif what == "cant" and waiting:
            on.tell(who, DeclinePage())
        elif who == "ack" and waiting:
            on.do("jana", Acknowledge())
        persons = [page.person for page in on.case.pages]
        assert len(persons) == len(set(persons))
        assert waiting or len(on.case.pages) == before
