"""Destroying evidence takes two persons (A.5.28, A.5.3): one asks, another confirms.

Until then the request can be withdrawn, or refused by whoever could confirm. Each request has exactly one end.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from config.policy.ids import CaseRole, Role, SecondPersonRule
from config.policy.models import Policy
from workflows.decisions import Reason
from workflows.incident import evidence_events as ev
from workflows.incident.codes import Code
from workflows.incident.evidence_commands import AskDisposal, ConfirmDisposal, RefuseDisposal, WithdrawDisposal
from workflows.incident.evidence_rules import SUBJECT, access_roles, closed_to, found_item
from workflows.incident.evidence_terms import CustodyStep
from workflows.incident.items import Evidence
from workflows.incident.rights import LEADING
from workflows.incident.second import Second, judge, second_person_needed
from workflows.incident.situation import Proposal

Reasons = tuple[Reason, ...]
RULE: Final = SecondPersonRule.DISPOSAL
_ENDS: Final[Mapping[CustodyStep, Code]] = {
    CustodyStep.DISPOSAL_WITHDRAWN: Code.DISPOSAL_WITHDRAWN,
    CustodyStep.DISPOSAL_REFUSED: Code.DISPOSAL_REFUSED,
    CustodyStep.DISPOSED: Code.DISPOSED,
}


def ask(proposal: Proposal, command: AskDisposal) -> Reasons:
    """Ask that a file be destroyed; a second person decides."""
    item = found_item(proposal, command.no, lambda one: one.stored)
    if isinstance(item, Reason):
        return (item,)
    ended = over(item)
    if item.disposed_at is not None and ended is not None:
        return (ended,)
    problems: Reasons = _reason_given(command.reason)
    if item.disposal_asked_at is not None:
        problems += (Reason(Code.ALREADY, SUBJECT, found=str(item.no)),)
    problems += closed_to(proposal.situation, item)
    if not problems:
        proposal.add(ev.DisposalAsked(no=item.no, reason=command.reason))
    return problems


def confirm(proposal: Proposal, command: ConfirmDisposal) -> Reasons:
    """Agree to it. What is destroyed cannot come back, so nobody steps in where no second person holds the role."""
    item = _waiting(proposal, command.no)
    if isinstance(item, Reason):
        return (item,)
    problems = _not_second(proposal, item)
    if not problems:
        proposal.add(ev.EvidenceDisposed(no=item.no))
    return problems


def withdraw(proposal: Proposal, command: WithdrawDisposal) -> Reasons:
    """Take it back, with a reason: by whoever asked, or could ask."""
    item = _waiting(proposal, command.no)
    if isinstance(item, Reason):
        return (item,)
    situation = proposal.situation
    problems: Reasons = ()
    asked = situation.me is not None and situation.me == item.disposal_asked_by
    if not may_withdraw(situation.policy, item, situation.roles(), asked=asked):
        problems += (not_theirs(situation.policy, item),)
    problems += _reason_given(command.reason)
    if not problems:
        proposal.add(ev.DisposalWithdrawn(no=item.no, reason=command.reason, asked_by=item.disposal_asked_by))
    return problems


def refuse(proposal: Proposal, command: RefuseDisposal) -> Reasons:
    """Say no, with a reason: by whoever could confirm."""
    item = _waiting(proposal, command.no)
    if isinstance(item, Reason):
        return (item,)
    problems = _not_second(proposal, item) + _reason_given(command.reason)
    if not problems:
        proposal.add(ev.DisposalRefused(no=item.no, reason=command.reason, asked_by=item.disposal_asked_by))
    return problems


def over(item: Evidence) -> Reason | None:
    """Why no request to destroy it waits: how the last one ended, by whom (`found`) and when; None where one waits."""
    if item.awaits_disposal:
        return None
    name = item.number or f"#{item.no}"
    last = next((one for one in reversed(item.custody) if one.step in _ENDS), None)
    if last is None:
        return Reason(Code.DISPOSAL_NOT_ASKED, name)
    return Reason(_ENDS[last.step], name, expected=last.at.isoformat(), found=last.by or "")


def may_withdraw(policy: Policy, item: Evidence, roles: AbstractSet[Role | CaseRole], *, asked: bool) -> bool:
    """Whether somebody with these roles can take a request back; `asked`: it is theirs."""
    opens = access_roles(policy, item)
    return asked or (not LEADING.isdisjoint(roles) and (not opens or not opens.isdisjoint(roles)))


def not_theirs(policy: Policy, item: Evidence) -> Reason:
    """The refusal for who neither asked nor could ask."""
    able = access_roles(policy, item) or LEADING
    return Reason(Code.NOT_ALLOWED, SUBJECT, who=tuple(sorted(role.value for role in able & LEADING)))


def _waiting(proposal: Proposal, no: int) -> Evidence | Reason:
    """The item with this number, while a request to destroy it waits."""
    item = found_item(proposal, no, lambda one: one.stored)
    return item if isinstance(item, Reason) else over(item) or item


def _not_second(proposal: Proposal, item: Evidence) -> Reasons:
    fits = judge(proposal.situation, RULE, item.disposal_asked_by) is Second.FITS
    return () if fits else (second_person_needed(proposal.situation, RULE, "confirm"),)


def _reason_given(reason: str) -> Reasons:
    return () if reason else (Reason(Code.NEEDS_REASON, SUBJECT, remedy="evidence"),)
