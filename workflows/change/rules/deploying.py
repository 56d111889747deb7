"""After the merge: deploy verdicts per environment, deployments as the forge tells them, and the end of the change."""

from dataclasses import replace

from config.policy.ids import SecondPersonRule
from workflows.change.codes import ChangeState, DeploymentOutcome, Finding, Refusal, Remedy
from workflows.change.commands import ApproveDeploy, RecordDeployment
from workflows.change.events import DeployApproved, DeploymentRecorded, VerdictChanged
from workflows.change.facts import DeploymentFacts
from workflows.change.requirements.deploy import outcome_of
from workflows.change.requirements.inputs import Inputs
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import inputs_for, named, open_finding, sums
from workflows.change.rules.owing import owe
from workflows.change.rules.persons import second_person
from workflows.change.seen import RequestKey
from workflows.change.state import LinkedRequest, Stage
from workflows.change.verdict import deploy_verdict
from workflows.decisions import Reason


def follow(draft: Draft) -> None:
    """Judge and record every environment of every request; when all are done and nothing is due, the change is."""
    if draft.case.stands is not ChangeState.DEPLOY:
        return
    for request in draft.case.requests:
        for environment in inputs_for(draft, request).rules.environments:
            _environment(draft, request.ref, environment)
    if all(_deployed(draft, request) for request in draft.case.requests) and not draft.case.unsettled:
        draft.move(ChangeState.DONE)


def approve_deploy(draft: Draft, command: ApproveDeploy) -> tuple[Reason, ...]:
    """Approve deploying the merged commits to an environment that needs it."""
    asked = command.environment.casefold()
    known = [
        environment
        for request in draft.case.requests
        for environment in inputs_for(draft, request).rules.approve_environments
        if environment.casefold() == asked
    ]
    reasons = list(_only_in_deploy(draft))
    if not known and not reasons:
        reasons.append(Reason(Refusal.UNKNOWN_ENVIRONMENT, subject="environment", found=command.environment))
    reasons.extend(second_person(draft, SecondPersonRule.DEPLOY_APPROVAL, Remedy.APPROVE_DEPLOY))
    if not reasons:
        commits = tuple(request.merge_commit for request in draft.case.requests if request.merge_commit)
        draft.add(DeployApproved(environment=known[0], commits=commits))
        follow(draft)
    return tuple(reasons)


def record_deployment(draft: Draft, command: RecordDeployment) -> tuple[Reason, ...]:
    """Record a deployment by hand, for every request whose repository has that environment."""
    asked = command.environment.casefold()
    reasons = _only_in_deploy(draft)
    places = [
        (request.ref, environment)
        for request in draft.case.requests
        for environment in inputs_for(draft, request).rules.environments
        if environment.casefold() == asked
    ]
    if reasons or not places:
        return reasons or (Reason(Refusal.UNKNOWN_ENVIRONMENT, subject="environment", found=command.environment),)
    outcome = DeploymentOutcome.SUCCEEDED if command.succeeded else DeploymentOutcome.FAILED
    for ref, environment in places:
        _by_hand(draft, ref, environment, outcome)
    follow(draft)
    return ()


def _only_in_deploy(draft: Draft) -> tuple[Reason, ...]:
    if draft.case.stands is ChangeState.DEPLOY:
        return ()
    code = Refusal.OVER if draft.case.over else Refusal.NOT_MERGED
    return (Reason(code, subject="deploy", expected=ChangeState.DEPLOY, found=draft.case.state),)


def _by_hand(draft: Draft, ref: RequestKey, environment: str, outcome: DeploymentOutcome) -> None:
    request, inputs = _inputs(draft, ref, environment)
    commit = request.merge_commit or ""
    verdict = deploy_verdict(inputs, draft.facts.repository(ref), commit)
    draft.add(
        DeploymentRecorded.model_validate(
            {**named(request), "environment": environment, "commit": commit, "outcome": outcome, "by_hand": True}
        )
    )
    if not verdict.lets_through:
        open_finding(draft, request, Finding.DEPLOYED_UNPASSED, environment=environment, commit=commit)
    owe(draft, request, verdict)


def _environment(draft: Draft, ref: RequestKey, environment: str) -> None:
    request, inputs = _inputs(draft, ref, environment)
    stage = request.stage(environment) or Stage(environment=environment)
    told = inputs.commit.last_deployment(environment) if inputs.commit else None
    if stage.outcome is None:
        verdict = deploy_verdict(inputs, draft.facts.repository(ref), request.merge_commit or "")
        if stage.verdict is None or stage.verdict.digest != verdict.digest:
            draft.add(VerdictChanged.model_validate({**sums(request, verdict), "environment": environment}))
    if told is not None and (stage.deployment, stage.outcome) != (told.id, outcome_of(told)):
        _record(draft, ref, environment, told, known=stage.deployment == told.id)


def _record(draft: Draft, ref: RequestKey, environment: str, told: DeploymentFacts, *, known: bool) -> None:
    """Record how a deployment went; a new one that the gate did not let through is a finding."""
    request, inputs = _inputs(draft, ref, environment)
    at = max((step.at for step in told.states), default=told.created_at)
    values = {
        **named(request),
        "environment": environment,
        "commit": request.merge_commit,
        "outcome": outcome_of(told),
        "deployment": told.id,
    }
    draft.add(DeploymentRecorded.model_validate(values), occurred_at=at)
    at_start = replace(inputs, until=told.created_at)
    verdict = deploy_verdict(at_start, draft.facts.repository(ref), request.merge_commit or "")
    if not known and not verdict.lets_through:
        open_finding(draft, request, Finding.DEPLOYED_UNPASSED, environment=environment, commit=request.merge_commit)
    owe(draft, request, verdict)


def _inputs(draft: Draft, ref: RequestKey, environment: str) -> tuple[LinkedRequest, Inputs]:
    request = next(item for item in draft.case.requests if item.ref == ref)
    inputs = inputs_for(draft, request)
    commit = draft.facts.commit(ref, request.merge_commit)
    return request, replace(inputs, commit=commit, environment=environment)


def _deployed(draft: Draft, request: LinkedRequest) -> bool:
    stages = (request.stage(environment) for environment in inputs_for(draft, request).rules.environments)
    return all(stage is not None and stage.outcome is DeploymentOutcome.SUCCEEDED for stage in stages)
