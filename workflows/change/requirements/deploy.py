"""Gate of the deploy phase, per environment: the order of environments and the approval (A.8.31, A.8.32)."""

from config.policy.ids import Requirement, SecondPersonRule
from workflows.change.codes import DeploymentOutcome, Fault, Finding, Outcome, Remedy, ResultCode
from workflows.change.deployed import DeploymentFacts
from workflows.change.people import keys_of, person_keys
from workflows.change.presence import happened, last_of, of_commit, outcome_of, succeeded_at, worst
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
from workflows.change.state import DeployApproval, FoundItem, same_name
from workflows.events import IdentityData


def environments_order(inputs: Inputs) -> Result:
    """The same commit was deployed to every earlier environment, and successfully (A.8.31).

    A commit that was verified in this environment before may come back: it is a rollback or a redeployment (A.8.32).
    """
    order = [name.casefold() for name in inputs.rules.environments]
    if inputs.environment.casefold() not in order:
        return not_configured(Requirement.ENVIRONMENTS_ORDER)
    found = _beforehand(Requirement.ENVIRONMENTS_ORDER, inputs)
    if found is not None:
        return found
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
    found = _beforehand(Requirement.DEPLOY_APPROVED, inputs)
    if found is not None:
        return found
    given = [approval for approval in inputs.case.deploy_approvals if _counts(inputs, approval)]
    if not given:
        roles = tuple(role.value for role in inputs.policy.second_persons[SecondPersonRule.DEPLOY_APPROVAL].roles)
        details = Found("1", "0", roles, Remedy.APPROVE_DEPLOY)
        return waits(Requirement.DEPLOY_APPROVED, ResultCode.DEPLOY_UNAPPROVED, details)
    used = tuple(FactUsed(what="approval", id=approval.by, source="record") for approval in given)
    people = tuple(inputs.case.name_of(approval.by) for approval in given)
    return satisfied(Requirement.DEPLOY_APPROVED, Found("1", "1", facts=used, people=people))


def _beforehand(requirement: Requirement, inputs: Inputs) -> Result | None:
    """What holds for any requirement before a merge, after one past the gate, and for what comes back."""
    if inputs.request is None or not inputs.request.merged:
        return waits(requirement, ResultCode.NOT_MERGED, Found(remedy=Remedy.MERGE_REQUEST))
    if verified_before(inputs):
        return not_applicable(requirement, ResultCode.DEPLOYED_BEFORE)
    if goes_back(inputs):
        return not_applicable(requirement, ResultCode.GOES_BACK)
    if _past_the_gate(inputs, str(inputs.request.ref)):
        roles = tuple(role.value for role in inputs.policy.second_persons[SecondPersonRule.CHANGE_REVIEW].roles)
        return wrong(requirement, ResultCode.MERGED_UNPASSED, Found(who=roles, remedy=Remedy.HOLD_REVIEW))
    return None


def _past_the_gate(inputs: Inputs, request: str) -> bool:
    """Whether it was merged past the enforced gate, and no retrospective review has dealt with that yet (A.8.32)."""
    unpassed = (item for item in inputs.case.findings if item.found is Finding.MERGED_UNPASSED)
    return any(
        item.request == request and item.cleared_at is None and not _reviewed(inputs, item) for item in unpassed
    )  # fmt: skip


def _reviewed(inputs: Inputs, finding: FoundItem) -> bool:
    held = (item for item in inputs.case.reviews if item.held_at is not None and inputs.in_time(item.held_at))
    return any(item.at <= finding.at <= item.held_at for item in held if item.held_at is not None)


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
    elif outcome is DeploymentOutcome.ROLLED_BACK:
        code, fault = ResultCode.DEPLOYMENT_ROLLED_BACK, Fault.WRONG
    else:
        code = ResultCode.DEPLOYMENT_RUNNING if outcome else ResultCode.NOT_DEPLOYED
        fault = Fault.WAITS
    return Part(subject=environment, outcome=Outcome.NOT, code=code, fault=fault, found=outcome or "")


def verified_before(inputs: Inputs) -> bool:
    """Whether the commit under judgement was deployed to this environment before, and successfully."""
    told = of_commit(inputs.commit, inputs.rules, inputs.environment, inputs.target)
    # Strictly before: the deployment that is judged cannot vouch for itself.
    if any((at := succeeded_at(item)) is not None and (inputs.until is None or at < inputs.until) for item in told):
        return True
    stage = inputs.request.stage(inputs.environment) if inputs.request else None
    return stage is not None and inputs.until is None and inputs.target in stage.verified


def goes_back(inputs: Inputs) -> bool:
    """Whether a later commit that contains this merge commit is there: then deploying this one takes that one back.

    No gate holds a rollback (A.8.32). What was there and left again has to be deployed like anything else.
    """
    if inputs.commit is None or inputs.target != inputs.commit.sha:
        return False
    last = {
        one.deployment.environment.casefold(): one
        for one in happened(inputs.commit, inputs.rules, inputs.environment)
        if (at := succeeded_at(one.deployment)) is not None and (inputs.until is None or at < inputs.until)
    }
    if last:
        there = all(one.outcome is DeploymentOutcome.SUCCEEDED for one in last.values())
        return there and any(one.commit != inputs.target for one in last.values())
    stage = inputs.request.stage(inputs.environment) if inputs.request else None
    return (
        stage is not None and inputs.until is None and stage.by_hand and stage.outcome is DeploymentOutcome.SUCCEEDED
    )  # fmt: skip


def stage_outcome(inputs: Inputs, environment: str) -> DeploymentOutcome | None:
    """How the last deployment of the commit under judgement to an environment went, as told or recorded by hand."""
    told = last_of(of_commit(inputs.commit, inputs.rules, environment, inputs.target))
    if told:
        return worst([_in_time(inputs, item) for item in told])
    stage = inputs.request.stage(environment) if inputs.request else None
    if stage is None or not stage.by_hand or inputs.target != (stage.commit or inputs.target):
        return None
    return stage.outcome


def _in_time(inputs: Inputs, deployment: DeploymentFacts) -> DeploymentOutcome:
    outcome = outcome_of(deployment)
    succeeded = succeeded_at(deployment)
    late = outcome is DeploymentOutcome.SUCCEEDED and not inputs.in_time(succeeded)
    return DeploymentOutcome.RUNNING if late else outcome


def _used(inputs: Inputs, environments: tuple[str, ...]) -> tuple[FactUsed, ...]:
    told = (last_of(of_commit(inputs.commit, inputs.rules, name, inputs.target)) for name in environments)
    return tuple(FactUsed(what="deployment", id=item.id, source="forge") for listed in told for item in listed)
