"""When people are reminded of corrective actions, and who checks their effect."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from config.policy.ids import CaseRole, Visibility
from tests.workflows.incident.desk import START, Desk, policy_of, reached
from workflows.commands import Command
from workflows.incident.commands import AssignRole, CheckCorrective, FinishCorrective, OpenCorrective, SetVisibility
from workflows.incident.corrective_effects import CORRECTIVE
from workflows.incident.effects import effects
from workflows.incident.owed import Owed, Step, asked, checker, is_owed, times, working_morning
from workflows.incident.promises import of_stamp
from workflows.incident.terms import CorrectiveState, State


def agreed(days: float = 20, owner: str = "tom") -> Desk:
    """In review, led by Jana, with a corrective action. What was due earlier can only be entered afterwards."""
    desk = reached(State.REVIEW)
    desk.case = desk.case.model_copy(update={"backfill": days < 0})
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


AWAY = """
organisation: Beispiel GmbH
people:
  - {id: jana, name: Jana K., roles: [responder], away: [{from: 2026-11-01, to: 2026-12-24, deputy: max}]}
  - {id: tom, name: Tom L., roles: [responder], away: [{from: 2026-11-01, to: 2026-12-24, deputy: max}]}
  - {id: petra, name: Petra M., roles: [isb], away: [{from: 2026-11-01, to: 2026-12-24, deputy: dieter}]}
  - {id: dieter, name: Dieter N., roles: [deputy]}
  - {id: sven, name: Sven O., roles: [service_owner]}
  - {id: max, name: Max H., roles: [engineer]}
"""


def test_who_is_away_is_stood_in_for_by_a_deputy_who_may_see_the_case() -> None:
    desk = agreed()
    action, away = desk.case.correctives[0], policy_of(AWAY).as_of(desk.now)
    assert asked(away, desk.case, action, Owed.WORK, Step.LATE) == ("max", "dieter"), "Max reported it"
    assert asked(away, desk.case, action, Owed.EFFECT, Step.FIRST) == ("dieter",)
    closed = desk.do("petra", SetVisibility(visibility=Visibility.RESTRICTED, reason="Insider"))
    assert asked(away, closed, action, Owed.WORK, Step.FIRST) == ("tom",), "a deputy who may not see it hears nothing"
    back = policy_of(AWAY).as_of(desk.now + timedelta(days=60))
    assert asked(back, desk.case, action, Owed.EFFECT, Step.FIRST) == ("jana",)


DAYS = st.sampled_from([0, 3, 12, 40])


class Reminders(RuleBasedStateMachine):
    """Corrective actions come and go; every reminder is told when it is owed, and none of them twice."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = reached(State.REVIEW)
        self.waiting: list[tuple[datetime, int, Owed, datetime, int, Step]] = []
        self.told: list[tuple[int, Owed, int, Step]] = []

    def plan(self, name: str, command: Command) -> None:
        desk, before, seen = self.desk, self.desk.case, len(self.desk.entries)
        desk.tell(name, command)
        for effect in effects(before, desk.case, tuple(desk.entries[seen:]), len(desk.entries)):
            if effect.kind == CORRECTIVE:
                no, life = int(effect.payload["no"]), int(effect.payload["life"])
                owed, due = list(Owed)[int(effect.payload["what"])], of_stamp(int(effect.payload["due"]))
                for step, at in times(desk.policy, desk.case.correctives[no - 1], owed, desk.now):
                    self.waiting.append((at, no, owed, due, life, step))

    @rule(owner=st.sampled_from(["tom", "max"]), days=st.sampled_from([-1, 2, 10, 30]), after=DAYS)
    def agree(self, owner: str, days: int, after: int) -> None:
        self.wait(after)
        due = self.desk.now + timedelta(days=days)
        self.plan("jana", OpenCorrective(text="Enforce MFA", owner=self.desk.person(owner), due=due))

    @rule(no=st.sampled_from([1, 2]), after=DAYS)
    def finish(self, no: int, after: int) -> None:
        self.wait(after)
        self.plan("jana", FinishCorrective(no=no, result="Rolled out"))

    @rule(no=st.sampled_from([1, 2]), well=st.booleans(), after=DAYS)
    def check(self, no: int, after: int, *, well: bool) -> None:
        self.wait(after)
        self.plan("petra", CheckCorrective(no=no, effective=well, finding="Two left out"))

    @rule(no=st.sampled_from([1, 2]), after=DAYS)
    def fail(self, no: int, after: int) -> None:
        """Random steps seldom come to that."""
        self.finish(no, 0)
        self.check(no, after, well=False)

    def wait(self, days: int) -> None:
        self.desk.later(days=days)
        for one in sorted(self.waiting):
            at, no, owed, due, life, step = one
            if at <= self.desk.now:
                self.waiting.remove(one)
                action = self.desk.case.correctives[no - 1]
                if is_owed(action, owed, due, life):
                    assert life == len(action.reopened), "what was planned before it was opened again tells nobody"
                    self.told.append((no, owed, life, step))

    @invariant()
    def nobody_is_told_twice_and_nothing_is_forgotten(self) -> None:
        assert len(self.told) == len(set(self.told))
        for action in self.desk.case.correctives:
            owed = {CorrectiveState.OPEN: Owed.WORK, CorrectiveState.DONE: Owed.EFFECT}.get(action.state)
            expected = {(action.no, owed, len(action.reopened), step) for step in Step} if owed else set()
            planned = {(no, what, life, step) for _, no, what, _, life, step in self.waiting}
            assert expected <= {*planned, *self.told}, "what is owed is planned, or was told"


TestReminders = Reminders.TestCase
TestReminders.settings = settings(max_examples=50, stateful_step_count=20)
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
