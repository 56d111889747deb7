"""What pipelines ask and report: may this commit be deployed, and what was let through while nobody could be asked."""

from dataclasses import replace

from config.policy.ids import Mode
from workflows.change.codes import Finding, Refusal
from workflows.change.commands import CheckDeploy, RecordOffline
from workflows.change.events import DeployChecked, DeployedOffline
from workflows.change.requirements.inputs import Inputs
from workflows.change.rules.deploying import deploy_inputs, judged
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import inputs_for, named, open_finding, sums
from workflows.decisions import Reason


def check_deploy(draft: Draft, command: CheckDeploy) -> tuple[Reason, ...]:
    """Judge a deployment on the facts of this moment. Recorded only where the gate holds and the answer is new."""
    found = _inputs(draft, command)
    if isinstance(found, Reason):
        return (found,)
    verdict = judged(draft, found)
    stage = found.request.stage(found.environment) if found.request else None
    last = stage.checked if stage else None
    if found.request is not None and verdict.mode is Mode.ENFORCE and (not last or last.digest != verdict.digest):
        values = {**sums(found.request, verdict), "environment": found.environment}
        draft.add(DeployChecked.model_validate(values))
    return ()


def record_offline(draft: Draft, command: RecordOffline) -> tuple[Reason, ...]:
    """Record what a pipeline let through by itself, and open the finding that its review hangs on. Once per notice."""
    found = _inputs(draft, command)
    if isinstance(found, Reason):
        return (found,)
    if found.request is None or command.notice in draft.case.offline:
        return ()
    at = min(command.at, draft.now)
    verdict = judged(draft, replace(found, until=at))
    values = {
        **named(found.request),
        "environment": found.environment,
        "commit": command.commit,
        "notice": command.notice,
        "at": at,
        "reason": command.reason,
        "status": verdict.status,
    }
    draft.add(DeployedOffline.model_validate(values), occurred_at=at)
    if verdict.mode is Mode.ENFORCE:
        details = {"environment": found.environment, "commit": command.commit}
        open_finding(draft, found.request, Finding.DEPLOYED_OFFLINE, **details)
    return ()


def _inputs(draft: Draft, command: CheckDeploy | RecordOffline) -> Inputs | Reason:
    request = draft.case.request(command.request)
    if request is None:
        return Reason(Refusal.NOT_LINKED, subject="request")
    environment = inputs_for(draft, request).rules.environment(command.environment)
    if environment is None:
        return Reason(Refusal.UNKNOWN_ENVIRONMENT, subject="environment", found=command.environment)
    return deploy_inputs(draft, command.request, environment, command.commit)
