"""When something is due: minutes by severity, days, and working days of the organisation's calendar."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from config.policy.ids import Impact, Severity, Spread
from config.policy.models import Policy, SeverityTargets

COUNTERSIGN_WORKING_DAYS: Final = 2
"""Working days that management has for its signature as second person."""
SATURDAY: Final = 5


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Monday to Friday, except holidays."""
    return day.weekday() < SATURDAY and day not in holidays


def end_of_working_day(policy: Policy, start: datetime, days: int) -> datetime:
    """The end (midnight, local) of the n-th working day after the day of `start`, in UTC."""
    day = start.astimezone(policy.zone).date()
    left = days
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day, policy.holidays)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=policy.zone).astimezone(UTC)


def countersign_due(policy: Policy, start: datetime) -> datetime:
    """Until when management has to countersign a step taken at `start`."""
    return end_of_working_day(policy, start, COUNTERSIGN_WORKING_DAYS)


def targets(policy: Policy, severity: Severity | None) -> SeverityTargets:
    """The targets of a severity. What is not assessed yet counts like an unknown impact on a single system."""
    assumed = severity or policy.severity.of(Impact.UNKNOWN, Spread.SINGLE)
    return policy.severity.targets[assumed]


def acknowledge_due(policy: Policy, severity: Severity | None, reported: datetime) -> datetime:
    """Until when somebody has to look after a report."""
    return reported + timedelta(minutes=targets(policy, severity).acknowledge_minutes)


def contain_due(policy: Policy, severity: Severity | None, reported: datetime) -> datetime:
    """Until when an incident should be contained."""
    return reported + timedelta(minutes=targets(policy, severity).contain_minutes)


def update_due(policy: Policy, severity: Severity | None, last: datetime) -> datetime:
    """When the next update is owed after the `last` one."""
    return last + timedelta(minutes=targets(policy, severity).update_minutes)


def review_due(policy: Policy, severity: Severity | None, recovered: datetime) -> datetime:
    """Until when the review should be closed."""
    return recovered + timedelta(minutes=targets(policy, severity).review_minutes)


def effectiveness_due(policy: Policy, done: datetime) -> datetime:
    """When the effect of a corrective action is to be checked (10.2)."""
    return done + timedelta(days=policy.effectiveness_days)


def monitoring_end(policy: Policy, severity: Severity | None, start: datetime) -> datetime:
    """The end of the monitoring period that the policy proposes for a severity."""
    assumed = severity or policy.severity.of(Impact.UNKNOWN, Spread.SINGLE)
    return start + timedelta(hours=policy.monitoring_hours[assumed])
