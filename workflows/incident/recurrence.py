"""The same root cause again (A.5.27, 10.2): which corrective actions a new incident shows to have been too little."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from workflows.incident.commands import ReopenCorrective
from workflows.incident.others import may_know
from workflows.incident.state import IncidentCase
from workflows.incident.terms import CorrectiveState

FINISHED = (CorrectiveState.DONE, CorrectiveState.EFFECTIVE)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A corrective action of an earlier case that did not keep the cause away."""

    case_id: UUID
    number: str
    no: int


def tag_of(case: IncidentCase) -> str:
    """The root-cause tag in the form that is compared; empty without one, when erased, and for drills."""
    tag = case.root_cause_tag
    return "" if case.drill or case.backfill or not isinstance(tag, str) else " ".join(tag.casefold().split())


def recurrences(case: IncidentCase, others: Iterable[IncidentCase]) -> tuple[Recurrence, ...]:
    """Finished corrective actions of earlier cases with the same root-cause tag as this one.

    The reopened action names this case, so only where those who may see the other one may know of it.
    """
    tag = tag_of(case)
    if not tag:
        return ()
    earlier = (other for other in others if other.id != case.id and other.opened_at < case.opened_at)
    return tuple(
        Recurrence(other.id, other.number, action.no)
        for other in earlier
        if tag_of(other) == tag and may_know(other, of=case)
        for action in other.correctives
        if action.state in FINISHED
    )


def reopening(recurrence: Recurrence, case: IncidentCase) -> ReopenCorrective:
    """The command with which the machine reopens such an action."""
    return ReopenCorrective(case=recurrence.number, no=recurrence.no, because=case.number, because_id=case.id)
