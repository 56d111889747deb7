"""Other cases that a command names. One that the actor may not see and one that does not exist are the same."""

from typing import Any

from workflows.access import seen_by
from workflows.incident.situation import Situation


def other_case(situation: Situation, number: str) -> Any:
    """The case with this number; None when there is none, when it is this one, or must not be seen."""
    other = situation.context.related.get(number)
    if other is None or other.id == situation.case.id:
        return None
    return other if seen_by(other, situation.actor) else None
