"""The paging ladder: in which order people are called, in how many rounds, and when it ends."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import Visibility
from tests.workflows.incident.desk import START, TEAM, Desk, policy_of
from workflows.actors import Person, PersonId
from workflows.incident.codes import Code
from workflows.incident.commands import Acknowledge, Advance, Assess, Reopen, Report
from workflows.incident.paging import called, due, following, is_nobody_left
from workflows.incident.paging_commands import DeclinePage, NoteUnanswered, Page
from workflows.incident.paging_events import Paged, Unanswered
from workflows.incident.terms import Kind, State
from workflows.incident.waiting import is_waiting

ROSTER = TEAM.replace("duty_roster: [jana]", "duty_roster: [jana, tom, petra]")


NAMED = (Desk().person("petra"), Desk().person("dieter"))


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
    assert call(on, 2) == [], "nobody twice in one round"


def test_each_round_calls_again_but_nobody_who_said_that_they_cannot() -> None:
    on = desk()
    first = [call(on, step) for step in range(3)]
    assert [call(on.later(minutes=30), step) for step in range(3, 6)] == first
    on.do("jana", DeclinePage())
    assert [call(on, step) for step in range(6, 9)] == [["tom"], ["petra"], ["dieter"]]


def minutes(on: Desk, step: int) -> float | None:
    at = due(on.policy, on.case, step)
    return None if at is None else (at - START) / timedelta(minutes=1)


def test_the_rounds_follow_with_the_same_waits_and_then_it_is_only_recalled() -> None:
    on = desk()
    assert [minutes(on, step) for step in range(12)] == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 330, 570]
    drill = desk(drill=True, page=True)
    assert [minutes(drill, step) for step in (8, 9, 10)] == [80, 90, None], "nobody is reminded of a drill"


def test_after_an_outage_the_first_round_is_made_up_for_and_the_next_keeps_its_waits() -> None:
    on, late = desk(), START + timedelta(hours=5)
    assert following(on.policy, on.case, 0, late) == START + timedelta(minutes=10)
    assert following(on.policy, on.case, 2, late) == late + timedelta(minutes=10)
    assert following(on.policy, on.case, 4, late) == late + timedelta(minutes=10)
    early = START + timedelta(minutes=3)
    assert following(on.policy, on.case, 2, early) == START + timedelta(minutes=30), "nor is it called any sooner"


def test_that_all_calls_were_in_vain_is_on_record_once_and_not_when_somebody_looks_after_it() -> None:
    on, taken, sealed = desk(), desk(), desk(visibility=Visibility.SEALED, named=NAMED)
    taken.do("jana", Acknowledge())
    on.do("", NoteUnanswered())
    assert on.case.unanswered == START
    for one in (on, taken, sealed):
        assert [reason.code for reason in one.refused("", NoteUnanswered())] == [Code.ALREADY]


def test_what_is_opened_again_calls_anew_and_can_be_in_vain_again() -> None:
    on = desk()
    on.do("", NoteUnanswered())
    alarm = Assess(kind=Kind.FALSE_ALARM, reason="A test page")
    on.later(hours=1).do("jana", Advance(to=State.DISMISSED, assess=alarm))
    on.later(hours=1).do("jana", Reopen(reason="It goes on"))
    assert is_waiting(on.case)
    assert on.case.unanswered is None
    assert call(on, 0) == ["jana"]
    on.do("", NoteUnanswered())


def test_nobody_is_left_when_everybody_on_the_ladder_cannot() -> None:
    on = desk()
    for step in range(3):
        call(on, step)
    for who in ("jana", "tom", "petra", "dieter"):
        assert not is_nobody_left(on.policy, on.case)
        on.do(who, DeclinePage())
    assert is_nobody_left(on.policy, on.case)


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
    sealed = {"visibility": Visibility.SEALED, "named": NAMED}
    afterwards = {"backfill": True, "reported": START}
    assert [is_waiting(desk(**one).case) for one in ({}, {"drill": True}, afterwards, sealed)] == [
        True, False, False, False,
    ]  # fmt: skip


_STEPS = (*(f"page {step}" for step in range(6)), "jana cant", "tom cant", "note it", "jana takes")


@given(st.lists(st.sampled_from(_STEPS), max_size=14))
def test_whatever_happens_nobody_is_called_twice_in_a_round_or_after_the_end(steps: Sequence[str]) -> None:
    on = desk()
    for step in steps:
        waiting, before = is_waiting(on.case), len(on.entries)
        declined = {page.person for page in on.case.pages if page.declined_at}
        who, _, what = step.partition(" ")
        if who == "page" and waiting:
            call(on, int(what))
        elif what == "cant" and waiting:
            on.tell(who, DeclinePage())
        elif what == "it":
            on.tell("", NoteUnanswered())
        elif what == "takes" and waiting:
            on.do("jana", Acknowledge())
        fresh = on.entries[before:]
        assert waiting or not fresh
        assert not declined & {item.event.person for item in fresh if isinstance(item.event, Paged)}
    calls = [(page.step // 3, page.person) for page in on.case.pages]
    assert len(calls) == len(set(calls))
    assert on.kinds().count(Unanswered) <= 1
