"""Whether a report still waits for somebody."""

from config.policy.ids import Visibility
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind, State


def is_waiting(case: IncidentCase) -> bool:
    """Whether a report still waits for somebody: then people are called.

    A drill calls them only when its asker or the policy wants it. Of a strictly confidential one only those named know;
    they are told once, and no roster is called.
    """
    fresh = case.state is State.IDENTIFY and case.kind is Kind.EVENT and case.acknowledged is None
    return fresh and not case.backfill and not case.quiet and case.visibility is not Visibility.SEALED
