"""The agreement of the service owner: asked for, given in person, or not yet (A.5.2, A.5.26).

Asking somebody who cannot see the case names them in it, which is on record. In a strictly confidential case only
somebody who is named can be asked.
"""

from datetime import timedelta
from typing import Final

from config.policy.ids import CaseRole, Criterion, Visibility
from workflows.decisions import Reason
from workflows.incident.answers import not_service_owner, take
from workflows.incident.codes import Code
from workflows.incident.commands import AssignRole, Given
from workflows.incident.items import OwnerItem
from workflows.incident.moves import RESPONSE
from workflows.incident.naming import assign_role, sees, unname
from workflows.incident.owner_commands import Agree, AgreeNotYet, AskOwner
from workflows.incident.owner_events import OwnerAsked, OwnerHesitates
from workflows.incident.situation import Proposal, Situation
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind, State

Reasons = tuple[Reason, ...]
AGREES: Final = Criterion.SERVICE_OWNER_AGREES
_BEFORE_REVIEW: Final = RESPONSE[: RESPONSE.index(State.REVIEW)]


def ask(proposal: Proposal, command: AskOwner) -> Reasons:
    """Ask a service owner. Another one takes the place of who was asked before."""
    situation, case = proposal.situation, proposal.case
    if case.backfill:
        return (Reason(Code.AFTERWARDS, subject="service_owner"),)
    if not is_wanted(case):
        return (Reason(Code.WRONG_PHASE, subject="service_owner", found=case.state.value),)
    person, before = situation.of(command.person), case.owner_asked
    problems = _answered(case) + not_service_owner(situation, "service_owner", person)
    if before is not None and before.person == person and before.not_yet is None:
        problems += (Reason(Code.OWNER_ASKED, "service_owner", before.at.isoformat(), before.person),)
    if problems or person is None:
        return problems
    fresh = not sees(situation, command.person, person)
    if fresh and case.visibility is Visibility.SEALED:
        return (Reason(Code.NAMED_ONLY, subject="service_owner", remedy="role"),)
    if fresh:
        problems += assign_role(proposal, AssignRole(role=CaseRole.NAMED, person=command.person))
    named = fresh or (before is not None and before.person == person and before.named)
    due = situation.now + timedelta(minutes=situation.policy.paging.handover_minutes)
    proposal.add(OwnerAsked(person=person, owner_due=due, named=named))
    return problems


def agree(proposal: Proposal, _command: Agree) -> Reasons:
    """Agree: by who was asked, or unasked once the recovery is under way."""
    situation, case = proposal.situation, proposal.case
    if not may_agree(case, asked=_is_asked(situation)):
        return (Reason(Code.NO_QUESTION, subject="service_owner"),)
    return _answered(case) or take(proposal, Given(criterion=AGREES, person=situation.actor.person))


def agree_not_yet(proposal: Proposal, command: AgreeNotYet) -> Reasons:
    """Not yet, with the reason: by who was asked."""
    case = proposal.case
    if case.owner_asked is None:
        return (Reason(Code.NO_QUESTION, subject="service_owner"),)
    if not _is_asked(proposal.situation):
        return (Reason(Code.OTHER_ASKED, subject="service_owner", found=case.owner_asked.person),)
    if not command.reason:
        return (Reason(Code.NEEDS_REASON, subject="reason"),)
    proposal.add(OwnerHesitates(reason=command.reason))
    return ()


def release(proposal: Proposal, asked: OwnerItem | None) -> None:
    """Whoever was named only to be asked, and did not agree, is named no more once the question is over (A.5.15).

    `asked` is the question as it stood before the command.
    """
    answer = proposal.case.answers.get(AGREES)
    if asked is not None and asked.named and (answer is None or answer.person != asked.person):
        unname(proposal, asked.person)


def is_wanted(case: IncidentCase) -> bool:
    """Whether the agreement is asked for on the way of the case, or was put off."""
    return case.kind is Kind.INCIDENT and (case.state in _BEFORE_REVIEW or _is_due(case))


def may_agree(case: IncidentCase, *, asked: bool) -> bool:
    """Whether it is the time for an agreement: of who was asked at once, of others when the recovery is under way."""
    return asked or case.state is State.RECOVER or _is_due(case)


def _is_due(case: IncidentCase) -> bool:
    return any(item.criterion is AGREES for item in case.open_due_items)


def _is_asked(situation: Situation) -> bool:
    asked = situation.case.owner_asked
    return asked is not None and asked.person == situation.me


def _answered(case: IncidentCase) -> Reasons:
    return (Reason(Code.ALREADY, subject=str(AGREES)),) if AGREES in case.answers else ()
