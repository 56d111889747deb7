"""Overrides: a lead asks, a second person grants with a reason; what is missing becomes due and blocks closing."""

from config.policy.ids import Role, SecondPersonRule
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.asking import against
from workflows.incident.codes import Code
from workflows.incident.commands import DenyOverride, GrantOverride, RequestOverride
from workflows.incident.criteria.registry import Standing
from workflows.incident.criteria.registry import judge as judge_criteria
from workflows.incident.items import Override
from workflows.incident.moving import move
from workflows.incident.second import Second, countersign, judge, second_person_needed
from workflows.incident.settling import OVERRIDABLE, OWING
from workflows.incident.situation import Proposal, Situation
from workflows.incident.state import IncidentCase
from workflows.incident.terms import DueKind, OverrideState, State

Reasons = tuple[Reason, ...]


def overridable(case: IncidentCase) -> State | None:
    """Where an override can lead from here; None where no step can be made by override."""
    if case.backfill or case.kind not in OWING:
        return None
    return next((to for source, to in OVERRIDABLE if source is case.state), None)


def _not_overridable(situation: Situation, to: State) -> Reasons:
    case = situation.case
    if case.backfill or (case.state, to) not in OVERRIDABLE:
        return (Reason(Code.NOT_OVERRIDABLE, to.value, found=case.state.value),)
    if case.kind not in OWING:
        return (Reason(Code.WRONG_KIND, to.value, found=case.kind.value, remedy="assess"),)
    return ()


def request_override(proposal: Proposal, command: RequestOverride) -> Reasons:
    """Ask, with a reason, while something is missing."""
    situation = proposal.situation
    problems = _not_overridable(situation, command.to)
    missing = against(situation, command.to)
    if not problems and not missing:
        problems += (Reason(Code.NOTHING_MISSING, command.to.value, remedy=command.to.value),)
    if not command.reason:
        problems += (Reason(Code.NEEDS_REASON, "override", remedy="override"),)
    if any(item.state is OverrideState.REQUESTED and item.to is command.to for item in proposal.case.overrides):
        problems += (Reason(Code.ALREADY, "override", found=command.to.value),)
    if not problems:
        left = (item.criterion for item in judge_criteria(situation, situation.case.state, command.to) if item.reason)
        proposal.add(ev.OverrideRequested(to=command.to, reason=command.reason, missing=tuple(left)))
    return problems


def _asked(proposal: Proposal, no: int | None) -> Override | Reason:
    """The request that is meant: by number, or the latest that is open."""
    found = [item for item in proposal.case.overrides if no in (None, item.no)]
    requested = [item for item in found if item.state is OverrideState.REQUESTED]
    if requested:
        return requested[-1]
    if found and no is not None:
        return Reason(Code.ALREADY, "override", found=found[-1].state.value)
    return Reason(Code.UNKNOWN_ITEM, "override", found=str(no or ""))


def grant_override(proposal: Proposal, command: GrantOverride) -> Reasons:
    """Grant: the move happens, each missing criterion becomes due. What came meanwhile makes it needless."""
    asked = _asked(proposal, command.no)
    if isinstance(asked, Reason):
        return (asked,)
    situation = proposal.situation
    problems = _not_overridable(situation, asked.to)
    if not problems and not against(situation, asked.to):
        problems += (Reason(Code.NOTHING_MISSING, asked.to.value, remedy=asked.to.value),)
    verdict = judge(situation, SecondPersonRule.OVERRIDE, asked.asked_by)
    if verdict is Second.REFUSED:
        problems += (second_person_needed(situation, SecondPersonRule.OVERRIDE, "override"),)
    if not command.reason:
        problems += (Reason(Code.NEEDS_REASON, "override", remedy="override"),)
    if problems:
        return problems
    proposal.add(ev.OverrideGranted(no=asked.no, reason=command.reason))
    if verdict is Second.OWED:
        proposal.add(countersign(situation, SecondPersonRule.OVERRIDE, situation.me or asked.asked_by))
    _owe(proposal, asked.to)
    move(proposal, asked.to, asked.no)
    return ()


def _owe(proposal: Proposal, to: State) -> None:
    """What is missing becomes due, once."""
    judgements = judge_criteria(proposal.situation, proposal.case.state, to)
    owed = {item.criterion for item in proposal.case.open_due_items}
    for item in judgements:
        if item.standing is Standing.MISSING and item.criterion not in owed:
            proposal.add(ev.DueOpened(due_kind=DueKind.CRITERION, criterion=item.criterion))


def deny_override(proposal: Proposal, command: DenyOverride) -> Reasons:
    """Deny, with a reason. The lead can withdraw a request in the same way."""
    asked = _asked(proposal, command.no)
    if isinstance(asked, Reason):
        return (asked,)
    situation = proposal.situation
    roles = situation.policy.second_persons[SecondPersonRule.OVERRIDE].roles
    problems: Reasons = ()
    if situation.me != asked.asked_by and not situation.actor.has(*roles, Role.MANAGEMENT):
        problems += (second_person_needed(situation, SecondPersonRule.OVERRIDE, "override"),)
    if not command.reason:
        problems += (Reason(Code.NEEDS_REASON, "override", remedy="override"),)
    if not problems:
        proposal.add(ev.OverrideDenied(no=asked.no, reason=command.reason))
    return problems
