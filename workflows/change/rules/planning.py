"""Planning: what is going to change, at which risk, and who agreed (A.8.26, A.8.32)."""

from typing import TypeVar

from config.policy.ids import ChangeKind, Role, SecondPersonRule
from workflows.change.codes import Answer, ChangeState, LinkSource, Refusal, Remedy, RiskFactor
from workflows.change.commands import Amend, Answers, ApprovePlan, Cancel, ObjectPlan, Plan, PlanFromRequest, SetRisk
from workflows.change.events import (
    ChangeAmended,
    ChangeCancelled,
    ChangePlanned,
    PlanApproved,
    PlanObjected,
    RequestLinked,
    RiskSet,
)
from workflows.change.requirements.plan import missing_answers
from workflows.change.risk import derive, rank
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import paths, settle
from workflows.change.rules.persons import is_first, second_person
from workflows.change.seen import Identity
from workflows.change.snapshot import rules_for
from workflows.decisions import Reason

T = TypeVar("T")

LOWERS_RISK = (Role.ISB, Role.DEPUTY, Role.RISK_OWNER, Role.SERVICE_OWNER)
"""Who may set a lower risk than the derived one, when they did not ask for the change."""


def plan(draft: Draft, command: Plan) -> tuple[Reason, ...]:
    """Open a change. What is not answered yet is asked for by the gate, except the title."""
    if not command.title.strip():
        return (missing(Answer.TITLE),)
    draft.add(
        ChangePlanned(
            title=command.title.strip(),
            change_kind=command.kind,
            description=command.description,
            affected=command.affected or (),
            security=command.security,
            rollback=command.rollback,
            factors=_factors(command),
            incidents=command.incidents or (),
            requester=draft.me,
            owner=draft.cast.of(command.owner) if command.owner else draft.me,
        )
    )
    settle(draft)
    return ()


def plan_from_request(draft: Draft, command: PlanFromRequest) -> tuple[Reason, ...]:
    """Open a change for a request that names none. A bot that the policy lists gets a standard change."""
    facts = draft.facts.request(command.request)
    rules, current = rules_for(facts, draft.policy), facts.current if facts else None
    if facts is None or current is None:
        return (missing("request"),)
    if rules is None:
        return (Reason(Refusal.NOT_COVERED, subject="request", found=current.base),)
    standard = command.author is None and _listed(current.author, rules.bots)
    author = draft.cast.of(command.author) if command.author else None
    draft.add(
        ChangePlanned(
            title=current.title.strip() or str(command.request.number),
            change_kind=ChangeKind.STANDARD if standard else ChangeKind.NORMAL,
            requester=author,
            owner=author,
            from_request=True,
        )
    )
    draft.add(
        RequestLinked(
            forge=command.request.forge,
            repository_id=command.request.repository_id,
            number=command.request.number,
            repository=facts.repository,
            link=LinkSource.OPENED,
            author=author,
        )
    )
    return ()


def amend(draft: Draft, command: Amend) -> tuple[Reason, ...]:
    """Give or alter answers. What was approved and is different now has to be approved again."""
    reasons = still_planned(draft)
    if reasons:
        return reasons
    if command.title is not None and not command.title.strip():
        return (missing(Answer.TITLE),)
    owner = draft.cast.of(command.owner) if command.owner else None
    given = ChangeAmended(
        title=_new(command.title, draft.case.title),
        change_kind=_new(command.kind, draft.case.kind),
        description=_new(command.description, draft.case.description),
        affected=_new(command.affected, draft.case.affected),
        security=_new(command.security, draft.case.security),
        rollback=_new(command.rollback, draft.case.rollback),
        factors=_new(_factors(command), draft.case.factors),
        incidents=_new(command.incidents, draft.case.incidents),
        owner=_new(owner, draft.case.owner),
    )
    material = (given.change_kind, given.description, given.affected, given.security, given.rollback, given.factors)
    if given == ChangeAmended():
        return (Reason(Refusal.NO_CHANGE, subject="plan"),)
    draft.add(given.model_copy(update={"material": any(answer is not None for answer in material)}))
    settle(draft)
    return ()


def set_risk(draft: Draft, command: SetRisk) -> tuple[Reason, ...]:
    """Override the derived risk with a reason. A lower one takes somebody who did not ask for the change."""
    reasons = list(still_planned(draft))
    if not command.reason.strip():
        reasons.append(missing("reason"))
    derived = derive(draft.case, paths(draft), draft.policy.change)
    if rank(command.risk) < rank(derived):
        reasons.extend(_may_lower(draft))
    if reasons:
        return tuple(reasons)
    draft.add(RiskSet(risk=command.risk, overridden=True, reason=command.reason.strip()))
    settle(draft)
    return ()


def approve_plan(draft: Draft, command: ApprovePlan) -> tuple[Reason, ...]:
    """Approve the plan as it stands, by somebody who did not ask for it and did not write it."""
    reasons = list(still_planned(draft))
    reasons.extend(missing(answer) for answer in missing_answers(draft.case))
    if draft.case.risk is None:
        reasons.append(missing(Answer.FACTORS))
    reasons.extend(second_person(draft, SecondPersonRule.PLAN_APPROVAL, Remedy.APPROVE_PLAN))
    if reasons or draft.case.risk is None:
        return tuple(reasons)
    draft.add(PlanApproved(risk=draft.case.risk, note=command.note))
    settle(draft)
    return ()


def object_plan(draft: Draft, command: ObjectPlan) -> tuple[Reason, ...]:
    """Object to the plan, with the reason."""
    reasons = list(still_planned(draft))
    if not command.reason.strip():
        reasons.append(missing("reason"))
    if not reasons:
        draft.add(PlanObjected(reason=command.reason.strip()))
        settle(draft)
    return tuple(reasons)


def cancel(draft: Draft, command: Cancel) -> tuple[Reason, ...]:
    """Give the change up, before anything of it was merged."""
    reasons = list(still_planned(draft))
    if not reasons and any(request.merged for request in draft.case.requests):
        reasons.append(Reason(Refusal.MERGED, subject="cancel", found=draft.case.state))
    if not command.reason.strip():
        reasons.append(missing("reason"))
    if not reasons:
        draft.add(ChangeCancelled(reason=command.reason.strip()))
        draft.move(ChangeState.CANCELLED)
    return tuple(reasons)


def still_planned(draft: Draft) -> tuple[Reason, ...]:
    """The refusal of what would alter a plan after the merge, or a change that is over."""
    if draft.case.over:
        return (Reason(Refusal.OVER, subject="plan", found=draft.case.state),)
    if draft.case.stands is ChangeState.DEPLOY:
        return (Reason(Refusal.MERGED, subject="plan", found=draft.case.state),)
    return ()


def missing(subject: str) -> Reason:
    """The refusal where something was not given."""
    return Reason(Refusal.MISSING, subject=subject, remedy=Remedy.AMEND)


def _may_lower(draft: Draft) -> tuple[Reason, ...]:
    roles = tuple(role.value for role in LOWERS_RISK)
    reasons: list[Reason] = []
    if draft.actor.person is None or is_first(draft):
        reasons.append(Reason(Refusal.SECOND_PERSON, subject="risk", who=roles, remedy=Remedy.SET_RISK))
    if not draft.actor.has(*LOWERS_RISK):
        reasons.append(Reason(Refusal.NOT_ALLOWED, subject="risk", who=roles, remedy=Remedy.SET_RISK))
    return tuple(reasons)


def _factors(command: Answers) -> tuple[RiskFactor, ...] | None:
    return None if command.factors is None else tuple(sorted(set(command.factors)))


def _listed(author: Identity, bots: tuple[str, ...]) -> bool:
    return (author.login or "").casefold() in {bot.casefold() for bot in bots}


def _new(given: T | None, known: object) -> T | None:
    return None if given == known else given
