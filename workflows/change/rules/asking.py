"""What pipelines ask and report: may this commit be deployed, and what was let through while nobody could be asked."""

from config.policy.ids import Mode
from workflows.change.codes import Finding, Refusal
from workflows.change.commands import CheckDeploy, RecordOffline
from workflows.change.events import DeployChecked, DeployedOffline
from workflows.change.result import Verdict
from workflows.change.rules.deploying import deploy_inputs, judged
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import inputs_for, named, open_finding, sums
from workflows.change.seen import RequestKey
from workflows.change.state import LinkedRequest
from workflows.decisions import Reason


def verdict_on(draft: Draft, request: RequestKey, environment: str, commit: str) -> Verdict | None:
    """The verdict on deploying a commit that contains this request; None: not of the change, or no such environment."""
    found = _place(draft, request, environment)
    return judged(draft, deploy_inputs(draft, request, found[1], commit)) if found else None


def check_deploy(draft: Draft, command: CheckDeploy) -> tuple[Reason, ...]:
    """Judge a deployment on the facts of this moment. Recorded only where the gate holds and the answer is new."""
    found = _place(draft, command.request, command.environment)
    if found is None:
        return _no_place(draft, command)
    request, environment = found
    verdict = judged(draft, deploy_inputs(draft, command.request, environment, command.commit))
    stage = request.stage(environment)
    last = stage.checked if stage else None
    if verdict.mode is Mode.ENFORCE and (last is None or last.digest != verdict.digest):
        draft.add(DeployChecked.model_validate({**sums(request, verdict), "environment": environment}))
    return ()


def record_offline(draft: Draft, command: RecordOffline) -> tuple[Reason, ...]:
    """Record what a pipeline let through by itself, and open the finding that its review hangs on. Once per notice."""
    found = _place(draft, command.request, command.environment)
    if found is None:
        return _no_place(draft, command)
    if command.notice in draft.case.offline:
        return ()
    request, environment = found
    verdict = judged(draft, deploy_inputs(draft, command.request, environment, command.commit))
    at = min(command.at, draft.now)
    values = {"environment": environment, "commit": command.commit, "notice": command.notice, "at": at}
    told = {**named(request), **values, "reason": command.reason, "status": verdict.status}
    draft.add(DeployedOffline.model_validate(told), occurred_at=at)
    if verdict.mode is Mode.ENFORCE:
        open_finding(draft, request, Finding.DEPLOYED_OFFLINE, environment=environment, commit=command.commit)
    return ()


def _place(draft: Draft, ref: RequestKey, told: str) -> tuple[LinkedRequest, str] | None:
    request = draft.case.request(ref)
    environment = inputs_for(draft, request).rules.environment(told) if request else None
    return (request, environment) if request and environment else None


def _no_place(draft: Draft, command: CheckDeploy | RecordOffline) -> tuple[Reason, ...]:
    if draft.case.request(command.request) is None:
        return (Reason(Refusal.NOT_LINKED, subject="request"),)
    return (Reason(Refusal.UNKNOWN_ENVIRONMENT, subject="environment", found=command.environment),)
