"""Reports that tell of the same thing: one goes on, both logs stay, and each knows of the other (A.5.25)."""

from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.merging_commands import JoinDuplicate
from workflows.incident.merging_events import DuplicateJoined
from workflows.incident.others import may_know
from workflows.incident.situation import Proposal, Situation
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind

Reasons = tuple[Reason, ...]


def not_the_original(situation: Situation, other: IncidentCase) -> Reasons:
    """A duplicate names the case that goes on, so no two can name each other; and no drill hides a real case.

    Where nobody works any more, an attack that comes back would be buried. What is entered afterwards is past, too.
    """
    if other.kind is Kind.DUPLICATE:
        return (Reason(Code.IS_DUPLICATE, "duplicate.of", found=other.number, remedy="assess"),)
    if other.drill is not situation.case.drill:
        return (Reason(Code.ONLY_DRILL, "duplicate.of", found=other.number, remedy="assess"),)
    if not other.state.is_open and not situation.case.backfill:
        state = other.state.value
        return (Reason(Code.ORIGINAL_OVER, "duplicate.of", expected=state, found=other.number, remedy="assess"),)
    return ()


def join(proposal: Proposal, command: JoinDuplicate) -> Reasons:
    """Once, and undone once."""
    case = proposal.case
    if any(one.id == command.other for one in case.duplicates) is not command.removed:
        return (Reason(Code.ALREADY, subject="duplicate.of"),)
    other = proposal.situation.context.related.get(command.number)
    known = isinstance(other, IncidentCase) and may_know(case, of=other)
    number = command.number if known else None
    proposal.add(DuplicateJoined(other=command.other, number=number, removed=command.removed))
    return ()
