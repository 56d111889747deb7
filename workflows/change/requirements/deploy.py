"""Gate of the deploy phase, per environment: the order of environments and the approval (A.8.31, A.8.32)."""

from datetime import datetime

from config.policy.ids import Requirement, SecondPersonRule
from workflows.change.codes import DeploymentOutcome, Fault, Outcome, Remedy, ResultCode
from workflows.change.facts import CommitFacts, DeploymentFacts
from workflows.change.people import keys_of, person_keys
from workflows.change.requirements.inputs import (
    Found,
    Inputs,
    not_applicable,
    not_configured,
    satisfied,
    waits,
    wrong,
)
from workflows.change.requirements.plan import involved
from workflows.change.result import FactUsed, Part, Result
from workflows.change.seen import DeploymentState
from workflows.change.state import DeployApproval, same_name
from workflows.events import IdentityData

_ENDED = {
    DeploymentState.SUCCESS: DeploymentOutcome.SUCCEEDED,
    DeploymentState.FAILURE: DeploymentOutcome.FAILED,
    DeploymentState.ERROR: DeploymentOutcome.FAILED,
}


def outcome_of(deployment: DeploymentFacts) -> DeploymentOutcome:
    """How a deployment went so far."""
    return _ENDED.get(deployment.state, DeploymentOutcome.RUNNING)


def environments_order(inputs: Inputs) -> Result:
    """The same commit was deployed to every earlier environment, and successfully (A.8.31)."""
    order = [name.casefold() for name in inputs.rules.environments]
    if inputs.environment.casefold() not in order:
        return not_configured(Requirement.ENVIRONMENTS_ORDER)
    if inputs.request is None or not inputs.request.merged:
        return waits(Requirement.ENVIRONMENTS_ORDER, ResultCode.NOT_MERGED, Found(remedy=Remedy.MERGE_REQUEST))
    earlier = inputs.rules.environments[: order.index(inputs.environment.casefold())]
    if not earlier:
        return satisfied(Requirement.ENVIRONMENTS_ORDER, code=ResultCode.FIRST_ENVIRONMENT)
    parts = tuple(_stage(inputs, environment) for environment in earlier)
    done = sum(part.outcome is Outcome.SATISFIED for part in parts)
    roles = ("release_manager",)
    details = Found(str(len(parts)), str(done), roles, Remedy.DEPLOY_EARLIER, parts, _used(inputs, earlier))
    failed = [part for part in parts if part.fault is Fault.WRONG]
    if failed:
        return wrong(Requirement.ENVIRONMENTS_ORDER, failed[0].code, details)
    if done < len(parts):
        missing = next(part for part in parts if part.outcome is not Outcome.SATISFIED)
        return waits(Requirement.ENVIRONMENTS_ORDER, missing.code, details)
    return satisfied(
        Requirement.ENVIRONMENTS_ORDER, Found(details.expected, details.found, parts=parts, facts=details.facts)
    )


def deploy_approved(inputs: Inputs) -> Result:
    """For the environments that the policy names, somebody other than the authors approved these commits."""
    named = {name.casefold() for name in inputs.rules.approve_environments}
    if not named:
        return not_configured(Requirement.DEPLOY_APPROVED)
    if inputs.environment.casefold() not in named:
        return not_applicable(Requirement.DEPLOY_APPROVED, ResultCode.NO_APPROVAL_NEEDED)
    if inputs.request is None or not inputs.request.merged:
        return waits(Requirement.DEPLOY_APPROVED, ResultCode.NOT_MERGED, Found(remedy=Remedy.MERGE_REQUEST))
    given = [approval for approval in inputs.case.deploy_approvals if _counts(inputs, approval)]
    if not given:
        roles = tuple(role.value for role in inputs.policy.second_persons[SecondPersonRule.DEPLOY_APPROVAL].roles)
        details = Found("1", "0", roles, Remedy.APPROVE_DEPLOY)
        return waits(Requirement.DEPLOY_APPROVED, ResultCode.DEPLOY_UNAPPROVED, details)
    used = tuple(FactUsed(what="approval", id=approval.by, source="record") for approval in given)
    people = tuple(inputs.case.name_of(approval.by) for approval in given)
    return satisfied(Requirement.DEPLOY_APPROVED, Found("1", "1", facts=used, people=people))


def is_author(inputs: Inputs, person_id: str) -> bool:
    """Whether this person wrote the request, over all identities."""
    current = inputs.facts.current if inputs.facts else None
    return bool(current and keys_of(current.author, inputs.policy) & person_keys(person_id, inputs.policy))


def _counts(inputs: Inputs, approval: DeployApproval) -> bool:
    if not same_name(approval.environment, inputs.environment) or not inputs.in_time(approval.at):
        return False
    if inputs.request is None or inputs.request.merge_commit not in approval.commits:
        return False
    who = inputs.case.people.get(approval.by)
    wrote = isinstance(who, IdentityData) and is_author(inputs, who.id)
    return approval.by not in involved(inputs.case) and not wrote


def _stage(inputs: Inputs, environment: str) -> Part:
    outcome = stage_outcome(inputs, environment)
    if outcome is DeploymentOutcome.SUCCEEDED:
        return Part(subject=environment, outcome=Outcome.SATISFIED, code=ResultCode.MET, found=outcome)
    if outcome is DeploymentOutcome.FAILED:
        code, fault = ResultCode.DEPLOYMENT_FAILED, Fault.WRONG
    else:
        code = ResultCode.DEPLOYMENT_RUNNING if outcome else ResultCode.NOT_DEPLOYED
        fault = Fault.WAITS
    return Part(subject=environment, outcome=Outcome.NOT, code=code, fault=fault, found=outcome or "")


def stage_outcome(inputs: Inputs, environment: str) -> DeploymentOutcome | None:
    """How the last deployment of the commit to an environment went, told by the forge or recorded by hand."""
    told = _deployment(inputs.commit, environment)
    if told is not None:
        outcome = outcome_of(told)
        ended_at = max((step.at for step in told.states), default=told.created_at)
        late = outcome is DeploymentOutcome.SUCCEEDED and not inputs.in_time(_succeeded_at(told) or ended_at)
        return DeploymentOutcome.RUNNING if late else outcome
    stage = inputs.request.stage(environment) if inputs.request else None
    return stage.outcome if stage and stage.by_hand else None


def _succeeded_at(deployment: DeploymentFacts) -> datetime | None:
    return min((step.at for step in deployment.states if step.state is DeploymentState.SUCCESS), default=None)


def _deployment(commit: CommitFacts | None, environment: str) -> DeploymentFacts | None:
    return commit.last_deployment(environment) if commit else None


def _used(inputs: Inputs, environments: tuple[str, ...]) -> tuple[FactUsed, ...]:
    told = (_deployment(inputs.commit, environment) for environment in environments)
    return tuple(FactUsed(what="deployment", id=item.id, source="forge") for item in told if item)
