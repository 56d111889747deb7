"""Work that follows an emergency, a finding and a review: somebody is told, a report is opened, timers are set."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from workflows.change.emergency_events import (
    EmergencyConfirmed,
    EmergencyEnded,
    EmergencyOpened,
    FindingCleared,
    RetrospectiveDemanded,
    RetrospectiveEscalated,
    RetrospectiveHeld,
)
from workflows.change.events import DeployAsked, FindingOpened, RolledBack
from workflows.change.state import ChangeCase
from workflows.events import Recorded
from workflows.workflow import Effect

ALERT: Final = "slack.alert"
EMERGENCY_TIMER: Final = "timer.emergency"
EMERGENCY_REPORT: Final = "timer.emergency_report"
REVIEW_TIMER: Final = "timer.review"

ALERTS: Final = (
    EmergencyOpened,
    EmergencyConfirmed,
    EmergencyEnded,
    FindingOpened,
    FindingCleared,
    DeployAsked,
    RolledBack,
    RetrospectiveEscalated,
    RetrospectiveHeld,
)
"""Entries that are told at once, each in a message of its own."""


def aftermath(case: ChangeCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    """Everything that has to follow these entries."""
    for item in recorded:
        if isinstance(item.event, ALERTS):
            payload: dict[str, str | int] = {"case": str(case.id), "seq": item.seq}
            yield Effect(ALERT, f"{ALERT}:{case.id}", f"{ALERT}:{case.id}:{item.seq}", payload)
        if isinstance(item.event, EmergencyOpened):
            known = {"case": str(case.id), "emergency": str(item.event.emergency)}
            mark = f"{EMERGENCY_REPORT}:{item.event.emergency}"
            yield Effect(EMERGENCY_REPORT, "", mark, known, timer=True)
            yield _timer(case, EMERGENCY_TIMER, "emergency", item.event.emergency, item.event.second_due)
        if isinstance(item.event, RetrospectiveDemanded):
            for when in (item.event.due, item.event.escalate_at):
                yield _timer(case, REVIEW_TIMER, "review", item.event.review, when)


def _timer(case: ChangeCase, kind: str, name: str, wanted: UUID, when: datetime) -> Effect:
    payload: dict[str, str | int] = {"case": str(case.id), name: str(wanted)}
    return Effect(kind, "", f"{kind}:{wanted}:{when.isoformat()}", payload, after=when, timer=True)
