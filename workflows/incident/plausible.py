"""Times that cannot be: what is to be done by a time that is over, what was done before there was anything to do."""

from datetime import datetime

from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.situation import Situation

Reasons = tuple[Reason, ...]


def already_over(situation: Situation, subject: str, due: datetime | None) -> Reasons:
    """The refusal of a due date that is over. What is only entered afterwards may have been due long ago."""
    over = due is not None and due < situation.now and not situation.case.backfill
    return (Reason(Code.IN_PAST, subject=subject),) if over else ()


def before_report(situation: Situation, subject: str, at: datetime | None) -> Reasons:
    """The refusal of a time that lies before the report: nothing was monitored or reviewed then."""
    return _before(situation, subject, at, situation.case.reported)


def before_all(situation: Situation, subject: str, at: datetime | None) -> Reasons:
    """The refusal of a time before anything of the case: before it occurred, was detected and was reported."""
    case = situation.case
    known = [one for one in (case.occurred, case.detected, case.reported) if one is not None]
    return _before(situation, subject, at, min(known, default=None))


def _before(situation: Situation, subject: str, at: datetime | None, earliest: datetime | None) -> Reasons:
    """By the day, as people often write no more than that."""
    if at is None or earliest is None:
        return ()
    zone = situation.policy.zone
    early = at.astimezone(zone).date() < earliest.astimezone(zone).date()
    return (Reason(Code.TOO_EARLY, subject=subject, expected=earliest.isoformat()),) if early else ()
