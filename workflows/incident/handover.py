"""Handing the lead over: offered, and then accepted or declined. There is a lead all the time (A.5.2, A.5.24)."""

from datetime import timedelta

from config.policy.ids import CaseRole
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.commands import AssignRole
from workflows.incident.events import RoleAssigned
from workflows.incident.handover_commands import AcceptHandover, DeclineHandover, OfferHandover
from workflows.incident.handover_events import HandoverAccepted, HandoverDeclined, HandoverOffered
from workflows.incident.items import HandoverItem
from workflows.incident.naming import assign_role, sees, unname
from workflows.incident.rights import LEADING
from workflows.incident.situation import Proposal, Situation

Reasons = tuple[Reason, ...]


def offer(proposal: Proposal, command: OfferHandover) -> Reasons:
    """Ask somebody to lead. Who could not see the case is named in it, so that they can answer."""
    situation, case = proposal.situation, proposal.case
    if case.lead is None or situation.me != case.lead:
        who = tuple(sorted(role.value for role in LEADING))
        return (Reason(Code.NOT_LEAD, subject="handover", who=who, remedy="role"),)
    person = situation.of(command.person)
    problems: Reasons = () if command.stands else (Reason(Code.NEEDS_TEXT, subject="stands"),)
    if person is None or person == case.lead or (case.handover is not None and case.handover.person == person):
        problems += (Reason(Code.ALREADY, subject="person"),)
    named = not problems and person is not None and not sees(situation, command.person, person)
    if named:
        problems += assign_role(proposal, AssignRole(role=CaseRole.NAMED, person=command.person))
    if not problems and person is not None:
        due = situation.now + timedelta(minutes=situation.policy.paging.handover_minutes)
        stands, next_step = command.stands, command.next_step or None
        proposal.add(HandoverOffered(person=person, stands=stands, next_step=next_step, handover_due=due, named=named))
    return problems


def release(proposal: Proposal, asked: HandoverItem | None) -> None:
    """Whoever was named only to answer an offer, and does not lead, is named no more once it is over (A.5.15).

    `asked` is the offer as it stood before the command.
    """
    if asked is not None and asked.named and asked.person != proposal.case.lead:
        unname(proposal, asked.person)


def accept(proposal: Proposal, _command: AcceptHandover) -> Reasons:
    """Lead from here on: by who was asked, while the offer stands."""
    found = proposal.case.handover
    me = proposal.situation.me
    if found is None:
        return (Reason(Code.NO_HANDOVER, subject="handover"),)
    if me is None or me != found.person:
        return (Reason(Code.NOT_ASKED, subject="handover"),)
    proposal.add(HandoverAccepted(giver=found.giver))
    proposal.add(RoleAssigned(case_role=CaseRole.LEAD, person=me))
    return ()


def decline(proposal: Proposal, command: DeclineHandover) -> Reasons:
    """The lead stays: said with a reason by who was asked, or by the lead."""
    found = proposal.case.handover
    if found is None:
        return (Reason(Code.NO_HANDOVER, subject="handover"),)
    if not _concerns(proposal.situation, found):
        return (Reason(Code.NOT_ASKED, subject="handover"),)
    if not command.reason:
        return (Reason(Code.NEEDS_REASON, subject="reason"),)
    proposal.add(HandoverDeclined(reason=command.reason, withdrawn=proposal.situation.me != found.person))
    return ()


def _concerns(situation: Situation, found: HandoverItem) -> bool:
    return situation.me is not None and situation.me in (found.person, found.giver)
