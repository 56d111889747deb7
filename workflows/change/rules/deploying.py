"""After the merge: deploy verdicts per environment, deployments as the forge tells them, and the end of the change."""

import re
from dataclasses import replace

from config.policy.ids import SecondPersonRule
from workflows.change.codes import ChangeState, DeploymentOutcome, Finding, Refusal, Remedy
from workflows.change.commands import ApproveDeploy, RecordDeployment
from workflows.change.events import DeployApproved, DeploymentRecorded, RolledBack, VerdictChanged
from workflows.change.presence import Happened, begun_at, happened, standing
from workflows.change.requirements.inputs import Inputs
from workflows.change.result import Verdict
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import inputs_for, named, open_finding, sums
from workflows.change.rules.owing import owe
from workflows.change.rules.persons import second_person
from workflows.change.seen import RequestKey
from workflows.change.state import ChangeCase, LinkedRequest, Stage
from workflows.change.verdict import deploy_verdict
from workflows.decisions import Reason

FOLLOWED = frozenset({ChangeState.DEPLOY, ChangeState.DONE, ChangeState.ROLLED_BACK})
"""States in which deployments are recorded: what went into production can leave it again, and come back."""
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_UNSETTLED = frozenset({None, DeploymentOutcome.FAILED, DeploymentOutcome.ROLLED_BACK})


def follow(draft: Draft) -> None:
    """Judge and record every environment of every request; when all are done the change is."""
    if draft.case.stands not in FOLLOWED:
        return
    for request in draft.case.requests:
        for environment in inputs_for(draft, request).rules.environments if request.merged else ():
            _environment(draft, request.ref, environment)
    settle_deploy(draft)


def settle_deploy(draft: Draft) -> None:
    """Move the change on when its deployments say so: to its end, or back out of production."""
    if draft.case.stands in {ChangeState.DEPLOY, ChangeState.DONE} and any(
        _left_production(draft, request) for request in draft.case.requests
    ):
        draft.move(ChangeState.ROLLED_BACK)
    deployed = all(_deployed(draft, request) for request in draft.case.requests)
    if draft.case.stands is ChangeState.DEPLOY and deployed and not draft.case.unsettled:
        draft.move(ChangeState.DONE)


def approve_deploy(draft: Draft, command: ApproveDeploy) -> tuple[Reason, ...]:
    """Approve deploying the merged commits to an environment that needs it."""
    known = [
        environment
        for request in draft.case.requests
        if (rules := inputs_for(draft, request).rules).environment(command.environment) in rules.approve_environments
        and (environment := rules.environment(command.environment)) is not None
    ]
    reasons = list(only_in_deploy(draft))
    if not known and not reasons:
        reasons.append(unknown_environment(draft, command.environment))
    reasons.extend(second_person(draft, SecondPersonRule.DEPLOY_APPROVAL, Remedy.APPROVE_DEPLOY))
    if not reasons:
        commits = tuple(request.merge_commit for request in draft.case.requests if request.merge_commit)
        draft.add(DeployApproved(environment=known[0], commits=commits))
        follow(draft)
    return tuple(reasons)


def record_deployment(draft: Draft, command: RecordDeployment) -> tuple[Reason, ...]:
    """Record a deployment by hand, for every request whose repository has that environment.

    A change that is done or was rolled back can be deployed once more; that is recorded and moves nothing.
    """
    if draft.case.stands not in FOLLOWED:
        return only_in_deploy(draft)
    places = [
        place for place in places_of(draft, command.environment) if command.request in {None, place[0]}
    ]  # fmt: skip
    if not places:
        return (unknown_environment(draft, command.environment),)
    if command.commit is not None and not _belongs(draft, command.commit, places, command.request):
        return (Reason(Refusal.OTHER_COMMIT, subject="commit", found=command.commit[:12]),)
    outcome = DeploymentOutcome.SUCCEEDED if command.succeeded else DeploymentOutcome.FAILED
    for ref, environment in places:
        _by_hand(draft, ref, environment, outcome, command.commit)
    settle_deploy(draft)
    return ()


def places_of(draft: Draft, told: str) -> list[tuple[RequestKey, str]]:
    """The merged requests whose repository has an environment of this name, with the policy's name for it."""
    found = (
        (request.ref, inputs_for(draft, request).rules.environment(told))
        for request in draft.case.requests
        if request.merged
    )
    return [(ref, environment) for ref, environment in found if environment is not None]


def unknown_environment(draft: Draft, told: str) -> Reason:
    """The refusal of an environment that none of the change's repositories has."""
    names = dict.fromkeys(name for one in draft.case.requests for name in inputs_for(draft, one).rules.environments)
    return Reason(Refusal.UNKNOWN_ENVIRONMENT, subject="environment", expected=" ".join(names), found=told)


def only_in_deploy(draft: Draft) -> tuple[Reason, ...]:
    """The refusal of what makes sense only while a merged change is being deployed."""
    if draft.case.stands is ChangeState.DEPLOY:
        return ()
    code = Refusal.OVER if draft.case.over else Refusal.NOT_MERGED
    return (Reason(code, subject="deploy", expected=ChangeState.DEPLOY, found=draft.case.state),)


def deploy_inputs(draft: Draft, ref: RequestKey, environment: str, deployed: str = "") -> Inputs:
    """What the gate of an environment looks at for one request of the change."""
    request = request_of(draft.case, ref)
    commit = draft.facts.commit(ref, request.merge_commit)
    return replace(inputs_for(draft, request), commit=commit, environment=environment, deployed=deployed)


def judged(draft: Draft, inputs: Inputs) -> Verdict:
    """The verdict on deploying the commit of these inputs."""
    repository = draft.facts.repository(inputs.request.ref) if inputs.request else None
    return deploy_verdict(inputs, repository, inputs.target)


def request_of(case: ChangeCase, ref: RequestKey) -> LinkedRequest:
    """A request that is known to belong to the change."""
    return next(item for item in case.requests if item.ref == ref)


def _belongs(draft: Draft, commit: str, places: list[tuple[RequestKey, str]], meant: RequestKey | None) -> bool:
    """Whether it is a commit, and one of the change's own where nobody says which request it contains."""
    own = {request_of(draft.case, ref).merge_commit for ref, _ in places}
    return _COMMIT.fullmatch(commit) is not None and (meant is not None or commit in own)


def _by_hand(draft: Draft, ref: RequestKey, environment: str, outcome: DeploymentOutcome, deployed: str | None) -> None:
    request = request_of(draft.case, ref)
    commit = deployed or request.merge_commit or ""
    verdict = judged(draft, deploy_inputs(draft, ref, environment, commit))
    values = {"environment": environment, "commit": commit, "outcome": outcome, "by_hand": True}
    draft.add(DeploymentRecorded.model_validate({**named(request), **values, "created_at": draft.now}))
    if not verdict.lets_through:
        open_finding(draft, request, Finding.DEPLOYED_UNPASSED, environment=environment, commit=commit)
    owe(draft, request, verdict)


def _environment(draft: Draft, ref: RequestKey, environment: str) -> None:
    inputs = deploy_inputs(draft, ref, environment)
    request = request_of(draft.case, ref)
    stage = request.stage(environment) or Stage(environment=environment)
    if _outcome(draft, request, environment) in _UNSETTLED and draft.case.stands is ChangeState.DEPLOY:
        verdict = judged(draft, replace(inputs, deployed=_candidate(inputs)))
        if stage.verdict is None or stage.verdict.digest != verdict.digest:
            draft.add(VerdictChanged.model_validate({**sums(request, verdict), "environment": environment}))
    for one in happened(inputs.commit, inputs.rules, environment):
        if begun_at(one.deployment) is not None and stage.recorded(one.deployment.id) is not one.outcome:
            _record(draft, inputs, one, known=stage.recorded(one.deployment.id) is not None)


def _candidate(inputs: Inputs) -> str:
    """What would be deployed next: the commit that came furthest on the way here, else the merge commit itself."""
    order = inputs.rules.environments
    earlier = order[: order.index(inputs.environment)]
    came = [one for name in earlier for one in happened(inputs.commit, inputs.rules, name)[-1:]]
    carried = [one for one in came if one.outcome is not DeploymentOutcome.ROLLED_BACK]
    return carried[-1].commit if carried else ""


def _record(draft: Draft, inputs: Inputs, one: Happened, *, known: bool) -> None:
    """Record how a deployment went; a new one that the gate did not let through is a finding."""
    request, told = request_of(draft.case, _ref(inputs)), one.deployment
    at = max((step.at for step in told.states), default=told.created_at)
    values = {
        **named(request),
        "environment": inputs.environment,
        "commit": one.commit,
        "deployment": told.id,
        "created_at": told.created_at,
    }
    if one.outcome is DeploymentOutcome.ROLLED_BACK:
        draft.add(RolledBack.model_validate(values), occurred_at=at)
        return
    draft.add(DeploymentRecorded.model_validate({**values, "outcome": one.outcome}), occurred_at=at)
    verdict = judged(draft, replace(inputs, until=begun_at(told), deployed=one.commit))
    if not known and not verdict.lets_through:
        open_finding(
            draft, request, Finding.DEPLOYED_UNPASSED, environment=inputs.environment, commit=one.commit
        )  # fmt: skip
    owe(draft, request, verdict)


def _ref(inputs: Inputs) -> RequestKey:
    if inputs.request is None:
        message = "expected the request of a deployment, found none"
        raise LookupError(message)
    return inputs.request.ref


def _outcomes(draft: Draft, request: LinkedRequest) -> tuple[DeploymentOutcome | None, ...]:
    environments = inputs_for(draft, request).rules.environments
    return tuple(_outcome(draft, request, environment) for environment in environments)


def _outcome(draft: Draft, request: LinkedRequest, environment: str) -> DeploymentOutcome | None:
    """How an environment stands: as the forge tells, unless a person recorded something later."""
    stage = request.stage(environment)
    commit = draft.facts.commit(request.ref, request.merge_commit)
    told = standing(commit, inputs_for(draft, request).rules, environment)
    recorded = stage.since if stage and stage.by_hand else None
    if told is None or (recorded is not None and recorded > told.deployment.created_at):
        return stage.outcome if stage else None
    return told.outcome


def _deployed(draft: Draft, request: LinkedRequest) -> bool:
    return all(outcome is DeploymentOutcome.SUCCEEDED for outcome in _outcomes(draft, request))


def _left_production(draft: Draft, request: LinkedRequest) -> bool:
    """Whether the last environment in the order, the one that everything is meant for, went back."""
    return _outcomes(draft, request)[-1:] == (DeploymentOutcome.ROLLED_BACK,)
