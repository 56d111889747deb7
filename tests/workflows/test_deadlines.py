"""Deadlines: minutes by severity, and working days of the organisation's own calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.policy.ids import Severity
from tests.workflows.incident.desk import TEAM, policy_of
from workflows import deadlines

POLICY = policy_of(TEAM)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (datetime(2026, 11, 16, 9, 0, tzinfo=UTC), date(2026, 11, 18)),  # Monday: the end of Wednesday
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), date(2026, 11, 24)),  # Friday: the end of Tuesday
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), date(2026, 11, 24)),  # Saturday too
        (datetime(2026, 12, 23, 9, 0, tzinfo=UTC), date(2026, 12, 28)),  # over Christmas
        (datetime(2026, 11, 15, 23, 30, tzinfo=UTC), date(2026, 11, 18)),  # Monday already, in Berlin
    ],
)
def test_management_has_until_the_end_of_the_second_working_day(start: datetime, due: date) -> None:
    local = deadlines.countersign_due(POLICY, start).astimezone(POLICY.zone)
    assert (local.date(), local.hour, local.minute) == (due + timedelta(days=1), 0, 0)


def test_the_end_of_a_day_follows_summer_time() -> None:
    start = datetime(2026, 3, 26, 12, 0, tzinfo=UTC)
    assert deadlines.countersign_due(POLICY, start) == datetime(2026, 3, 30, 22, 0, tzinfo=UTC)


def test_what_is_not_assessed_counts_as_an_unknown_impact() -> None:
    start = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert deadlines.acknowledge_due(POLICY, None, start) == deadlines.acknowledge_due(POLICY, Severity.S3, start)
    assert deadlines.acknowledge_due(POLICY, Severity.S1, start) == start + timedelta(minutes=15)
    assert deadlines.monitoring_end(POLICY, Severity.S2, start) == start + timedelta(hours=48)
    assert deadlines.effectiveness_due(POLICY, start) == start + timedelta(days=30)
