"""Other cases that a command names. One that the actor may not see and one that does not exist are the same."""

from typing import Any

from config.policy.ids import Visibility
from workflows.access import is_stricter, seen_by
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.situation import Situation
from workflows.incident.state import IncidentCase


def other_case(situation: Situation, number: str) -> Any:
    """The case with this number; None when there is none, when it is this one, or must not be seen."""
    other = situation.context.related.get(number)
    if other is None or other.id == situation.case.id:
        return None
    return other if seen_by(other, situation.actor) else None


def not_found(situation: Situation, subject: str, number: str) -> Reason:
    """Why a number leads to no other case: it is this one, or absent and invisible alike."""
    code = Code.ITSELF if number == situation.case.number else Code.UNKNOWN_CASE
    return Reason(code, subject, found=number, remedy="assess" if subject == "duplicate.of" else "")


def may_know(reader: IncidentCase, *, of: IncidentCase) -> bool:
    """Whether everybody who may see the one case may know that there is the other.

    Never from a restricted or sealed case into a more open one, and never from one sealed case into another.
    """
    if of.visibility is Visibility.SEALED:
        return False
    return not is_stricter(of.visibility, reader.visibility)
