"""Gate of the plan phase: described, classified, approved (A.8.26, A.8.32)."""

from config.policy.ids import Requirement, Risk, SecondPersonRule
from workflows.actors import Pseudonym
from workflows.change.codes import ROLE_OBJECTOR, ROLE_REQUESTER, Answer, Fault, Outcome, Remedy, ResultCode
from workflows.change.people import is_bot
from workflows.change.requirements.inputs import (
    Found,
    Inputs,
    not_applicable,
    satisfied,
    unknown,
    unread,
    waits,
    wrong,
)
from workflows.change.result import FactUsed, Part, Result
from workflows.change.risk import rank
from workflows.change.state import ChangeCase


def missing_answers(case: ChangeCase) -> tuple[Answer, ...]:
    """Answers that the plan still owes. What the policy approved beforehand it described too, save the title."""
    owed = {
        Answer.TITLE: case.title,
        Answer.DESCRIPTION: case.description,
        Answer.AFFECTED: case.affected,
        Answer.SECURITY: case.security,
    }
    if case.by_policy:
        owed = {Answer.TITLE: case.title}
    elif case.risk is not None and rank(case.risk) >= rank(Risk.MEDIUM):
        owed[Answer.ROLLBACK] = case.rollback
    return tuple(
        answer for answer, given in owed.items() if not given or (isinstance(given, str) and not given.strip())
    )


def _empty(given: object) -> bool:
    return not given or (isinstance(given, str) and not given.strip())


def involved(case: ChangeCase) -> frozenset[Pseudonym]:
    """Who cannot be the second person: requester, and authors of the requests."""
    authors = (request.author for request in case.requests)
    return frozenset(person for person in (case.requester, *authors) if person)


def change_described(inputs: Inputs) -> Result:
    """Title, description, affected assets, security requirement, and from medium risk on a way back."""
    missing = missing_answers(inputs.case)
    if not missing:
        return satisfied(Requirement.CHANGE_DESCRIBED)
    parts = tuple(
        Part(subject=answer, outcome=Outcome.NOT, code=ResultCode.ANSWERS_MISSING, fault=Fault.WAITS)
        for answer in missing
    )
    details = Found(found=",".join(missing), who=(ROLE_REQUESTER,), remedy=Remedy.AMEND, parts=parts)
    return waits(Requirement.CHANGE_DESCRIBED, ResultCode.ANSWERS_MISSING, details)


def risk_classified(inputs: Inputs) -> Result:
    """The risk is known: the questions are answered and the changed files are read, or a person set it."""
    case = inputs.case
    if case.risk is not None and case.risk_overridden:
        return satisfied(Requirement.RISK_CLASSIFIED, Found(found=case.risk), ResultCode.RISK_OVERRIDDEN)
    if not case.by_policy and case.factors is None:
        details = Found(expected=Answer.FACTORS, who=(ROLE_REQUESTER,), remedy=Remedy.AMEND)
        return waits(Requirement.RISK_CLASSIFIED, ResultCode.UNCLASSIFIED, details)
    if inputs.request is not None and not inputs.read:
        return unread(Requirement.RISK_CLASSIFIED)
    if case.risk is None:
        return unknown(Requirement.RISK_CLASSIFIED, ResultCode.UNCLASSIFIED, Found(remedy=Remedy.READ_AGAIN))
    return satisfied(Requirement.RISK_CLASSIFIED, Found(found=case.risk), ResultCode.RISK_DERIVED)


def plan_approved(inputs: Inputs) -> Result:
    """Somebody else approved the plan at this risk or a higher one, and nobody objects."""
    case, needed = inputs.case, inputs.policy.change.plan_approval_from
    if case.plan_objections:
        people = tuple(case.name_of(objection.by) for objection in case.plan_objections)
        details = Found(
            found=str(len(people)),
            who=(ROLE_OBJECTOR,),
            remedy=Remedy.LIFT_OBJECTION,
            people=people,
        )
        return wrong(Requirement.PLAN_APPROVED, ResultCode.PLAN_OBJECTED, details)
    if _pre_approved(inputs):
        return not_applicable(Requirement.PLAN_APPROVED, ResultCode.PRE_APPROVED)
    if case.risk is None:
        return unknown(Requirement.PLAN_APPROVED, ResultCode.UNCLASSIFIED, Found(remedy=Remedy.AMEND))
    if not inputs.policy.change.plan_needs_approval(case.risk):
        return not_applicable(
            Requirement.PLAN_APPROVED, ResultCode.BELOW_THRESHOLD, Found(expected=needed, found=case.risk)
        )
    return _approved_by_other(inputs, case.risk)


def _pre_approved(inputs: Inputs) -> bool:
    """Only while bots alone contributed: a person who pushes to a bot's branch makes a change of their own."""
    return inputs.case.by_policy and all(is_bot(identity, inputs.rules.bots) for identity in inputs.contributors)


def _approved_by_other(inputs: Inputs, risk: Risk) -> Result:
    case, barred = inputs.case, involved(inputs.case)
    approvals = [
        approval
        for approval in case.plan_approvals
        if approval.by not in barred and rank(approval.risk) >= rank(risk) and inputs.in_time(approval.at)
    ]
    if not approvals:
        roles = tuple(role.value for role in inputs.policy.second_persons[SecondPersonRule.PLAN_APPROVAL].roles)
        details = Found(expected="1", found="0", who=roles, remedy=Remedy.APPROVE_PLAN)
        return waits(Requirement.PLAN_APPROVED, ResultCode.PLAN_UNAPPROVED, details)
    used = tuple(FactUsed(what="approval", id=approval.by, source="record") for approval in approvals)
    people = tuple(case.name_of(approval.by) for approval in approvals)
    return satisfied(Requirement.PLAN_APPROVED, Found(expected="1", found="1", facts=used, people=people))
