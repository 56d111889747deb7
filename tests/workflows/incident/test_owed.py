"""When people are reminded of corrective actions, and who checks their effect."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import CaseRole, Visibility
from tests.workflows.incident.desk import START, Desk, reached
from workflows.incident.commands import AssignRole, CheckCorrective, FinishCorrective, OpenCorrective, SetVisibility
from workflows.incident.owed import Owed, Step, asked, checker, is_owed, times, working_morning
from workflows.incident.terms import State


def agreed(days: float = 20, owner: str = "tom") -> Desk:
    """In review, led by Jana, with a corrective action."""
    desk = reached(State.REVIEW)
    desk.do("petra", OpenCorrective(text="Enforce MFA", owner=desk.person(owner), due=desk.now + timedelta(days=days)))
    return desk


def planned(desk: Desk, owed: Owed) -> list[tuple[Step, str]]:
    """In local time."""
    found = times(desk.policy, desk.case.correctives[0], owed, desk.now)
    return [(step, f"{at.astimezone(desk.policy.zone):%a %d.%m. %H:%M}") for step, at in found]


@pytest.mark.parametrize(
    ("days", "first", "late"),
    [
        (20, "Mon 07.12. 09:00", "Fri 11.12. 09:00"),
        (2, "Sun 22.11. 09:00", "Mon 23.11. 09:00"),
        (0.1, "Fri 20.11. 16:24", "Mon 23.11. 09:00"),
        (-1, "Fri 20.11. 14:00", "Fri 20.11. 09:00"),
    ],
)
def test_the_owner_is_reminded_before_and_the_isb_hears_on_the_next_working_day(
    days: float, first: str, late: str
) -> None:
    assert planned(agreed(days), Owed.WORK) == [(Step.FIRST, first), (Step.LATE, late)]


def test_the_effect_is_asked_for_on_a_working_morning_when_it_can_be_said() -> None:
    desk = agreed()
    desk.do("tom", FinishCorrective(no=1, result="Rolled out"))
    assert planned(desk, Owed.EFFECT) == [(Step.FIRST, "Mon 21.12. 09:00"), (Step.LATE, "Mon 28.12. 09:00")]
    due = desk.case.correctives[0].check_due
    assert due is not None
    desk.now = working_morning(desk.policy, due)
    desk.do("petra", CheckCorrective(no=1, effective=True))


def test_what_is_open_again_is_told_at_once_and_has_a_week() -> None:
    desk = agreed(5)
    before = desk.case.correctives[0]
    desk.do("tom", FinishCorrective(no=1, result="Rolled out"))
    desk.do("petra", CheckCorrective(no=1, effective=False, finding="Two left out"))
    assert planned(desk, Owed.WORK) == [(Step.FIRST, "Fri 20.11. 14:00"), (Step.LATE, "Mon 30.11. 09:00")]
    again = desk.case.correctives[0]
    assert [is_owed(again, Owed.WORK, before.due, life) for life in (0, 1)] == [False, True]


def test_its_owner_is_never_asked_whether_it_helped() -> None:
    action = agreed().case.correctives[0]
    case, policy = agreed().case, agreed().policy
    assert checker(policy, case, action) == "jana", "who led"
    own = agreed(owner="jana")
    assert checker(own.policy, own.case, own.case.correctives[0]) == "petra"
    assert asked(policy, case, action, Owed.EFFECT, Step.LATE) == ("jana", "petra", "dieter")
    assert asked(policy, case, action, Owed.WORK, Step.FIRST) == ("tom",)
    assert asked(policy, case, action, Owed.WORK, Step.LATE) == ("tom", "petra", "dieter")


def test_of_a_strictly_confidential_case_only_the_named_are_written_to() -> None:
    desk = agreed()
    named = (desk.person("dieter"), desk.person("tom"))
    desk.do("petra", SetVisibility(visibility=Visibility.SEALED, named=named, reason="Insider"))
    action = desk.case.correctives[0]
    assert asked(desk.policy, desk.case, action, Owed.WORK, Step.LATE) == ("tom", "dieter")
    assert asked(desk.policy, desk.case, action, Owed.EFFECT, Step.FIRST) == ("dieter",)
    desk.do("dieter", AssignRole(role=CaseRole.NAMED, person=desk.person("petra")))
    assert "petra" in asked(desk.policy, desk.case, action, Owed.EFFECT, Step.LATE)


POLICY = Desk(now=START).policy
MOMENTS = st.integers(0, 1000 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MOMENTS)
def test_a_working_morning_is_never_before_and_at_most_a_long_holiday_after(since: datetime) -> None:
    found = working_morning(POLICY, since)
    local = found.astimezone(POLICY.zone)
    assert since <= found < since + timedelta(days=8)
    assert (local.hour, local.minute) == (9, 0)
    assert local.weekday() < 5
    assert local.date() not in POLICY.holidays
