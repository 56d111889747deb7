"""Ties to changes and other cases."""

from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.codes import Code
from workflows.incident.commands import LinkChange
from workflows.incident.others import may_know, not_found, other_case
from workflows.incident.rights import OVERSIGHT
from workflows.incident.situation import Proposal
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Relation

Reasons = tuple[Reason, ...]


def link_change(proposal: Proposal, command: LinkChange) -> Reasons:
    """Tie or untie. Only a change can fix an incident or have caused it. The ISB unties a fix: it opens a gate.

    An incident is tied from the side that fewer people see: there it is named, and to whoever sees both on both sides.
    """
    case = proposal.case
    other = other_case(proposal.situation, command.number)
    if other is None:
        return (not_found(proposal.situation, "link", command.number),)
    if isinstance(other, IncidentCase) and command.relation is not Relation.RELATED:
        found = command.relation.value
        return (Reason(Code.INVALID, "link", expected=Relation.RELATED.value, found=found),)
    if isinstance(other, IncidentCase) and not command.remove and not may_know(case, of=other):
        return (Reason(Code.LINK_FROM_THERE, "link", found=command.number),)
    tied = any((link.id, link.relation) == (other.id, command.relation) for link in case.links)
    if tied != command.remove:
        return (Reason(Code.ALREADY if tied else Code.UNKNOWN_ITEM, "link", found=command.number),)
    holding = command.remove and command.relation is Relation.FIXES
    if holding and proposal.situation.roles().isdisjoint(OVERSIGHT):
        who = tuple(sorted(role.value for role in OVERSIGHT))
        return (Reason(Code.NOT_ALLOWED, "link", found=command.number, who=who),)
    proposal.add(
        ev.CaseLinked(number=command.number, other=other.id, relation=command.relation, removed=command.remove)
    )
    return ()
