"""The next update: promised sooner, never later than the severity allows, and kept through moves."""

from datetime import timedelta

import pytest

from config.policy.ids import Severity
from tests.workflows.incident.desk import Desk, assessed
from workflows.deadlines import update_due
from workflows.incident.codes import Code
from workflows.incident.commands import SetSeverity, Update
from workflows.incident.promises import Promise, is_owed

HOUR = timedelta(hours=1)


def latest(desk: Desk) -> timedelta:
    return update_due(desk.policy, desk.case.severity, desk.now) - desk.now


def owed(desk: Desk) -> bool:
    return desk.case.update_due is not None and is_owed(desk.case, Promise.UPDATE, desk.case.update_due)


def test_a_promise_is_what_is_owed_and_the_next_update_takes_its_place() -> None:
    desk = assessed()
    desk.do("jana", Update(text="Still looking", next_update=desk.now + HOUR))
    assert (desk.case.update_due, owed(desk)) == (desk.now + HOUR, True), "in every phase"
    desk.do("jana", Update(text="Found it"))
    assert desk.case.update_due == desk.now + latest(desk)
    assert not desk.case.update_promised


@pytest.mark.parametrize(("ahead", "code"), [(timedelta(), Code.IN_PAST), (timedelta(days=30), Code.TOO_LATE)])
def test_no_promise_of_a_time_that_is_over_or_too_late(ahead: timedelta, code: Code) -> None:
    desk = assessed()
    (reason,) = desk.refused("jana", Update(text="Still looking", next_update=desk.now + ahead))
    assert (reason.code, reason.subject) == (code, "next_update")
    if code is Code.TOO_LATE:
        assert reason.expected == (desk.now + latest(desk)).isoformat()
    desk.do("jana", Update(text="Still looking", next_update=desk.now + latest(desk)))


def test_a_step_that_asks_for_updates_keeps_an_earlier_promise() -> None:
    desk = assessed()
    promised = desk.now + HOUR
    desk.do("jana", Update(text="Still looking", next_update=promised))
    other = next(one for one in Severity if one not in (desk.case.severity, Severity.S1))
    desk.do("jana", SetSeverity(severity=other, reason="Wider than thought"))
    assert desk.case.update_due == promised
    desk.later(hours=2)
    desk.do("jana", SetSeverity(severity=Severity.S1, reason="Much wider"))
    assert desk.case.update_due == desk.now + latest(desk), "what is over is no promise any more"
