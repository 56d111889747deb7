"""The next update: when it is due, and whether somebody may promise it for that time (A.5.26)."""

from datetime import datetime

from config.policy.ids import Severity
from workflows.deadlines import update_due
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.situation import Situation

SUBJECT = "next_update"


def next_due(situation: Situation, severity: Severity | None) -> datetime:
    """When the next update is due after a step that asks for one: a promise that still lies ahead is kept."""
    latest = update_due(situation.policy, severity, situation.now)
    promised = situation.case.update_due if situation.case.update_promised else None
    return min(latest, promised) if promised is not None and promised > situation.now else latest


def not_promisable(situation: Situation, promised: datetime | None) -> tuple[Reason, ...]:
    """Why an update cannot be promised for this time: it is over, or later than the severity allows."""
    if promised is None:
        return ()
    if promised <= situation.now:
        return (Reason(Code.IN_PAST, subject=SUBJECT),)
    latest = update_due(situation.policy, situation.case.severity, situation.now)
    return (Reason(Code.TOO_LATE, subject=SUBJECT, expected=latest.isoformat()),) if promised > latest else ()
