"""Whether a report still waits for somebody."""

from config.policy.ids import Visibility
from workflows.decisions import Reason
from workflows.events import Event
from workflows.incident.codes import Code
from workflows.incident.events import Moved, Reported
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind, State


def looked_after(case: IncidentCase) -> Reason:
    """Somebody looks after it already: `found` is their pseudonym, `expected` since when (ISO 8601, UTC)."""
    since = case.acknowledged.isoformat() if case.acknowledged else ""
    return Reason(Code.ALREADY, subject="acknowledged", expected=since, found=case.acknowledged_by or "")


def begins_to_wait(event: Event) -> bool:
    """Whether from this entry on somebody is looked for: a report, or one that was dismissed and is opened again."""
    return isinstance(event, Reported) or (isinstance(event, Moved) and event.from_state is State.DISMISSED)


def is_waiting(case: IncidentCase) -> bool:
    """Whether a report still waits for somebody: then people are called.

    A drill calls them only when its asker or the policy wants it. Of a strictly confidential one only those named know;
    they are told once, and no roster is called.
    """
    fresh = case.state is State.IDENTIFY and case.kind is Kind.EVENT and case.acknowledged is None
    return fresh and not case.backfill and not case.quiet and case.visibility is not Visibility.SEALED
