"""What pipelines ask and report: may this commit be deployed, and what was let through while nobody could be asked."""

from datetime import timedelta
from typing import Final

from config.policy.ids import Mode, Requirement
from workflows.change.codes import Finding, Refusal
from workflows.change.commands import AskDeploy, CheckDeploy, RecordOffline
from workflows.change.events import DeployAsked, DeployChecked, DeployedOffline
from workflows.change.result import Verdict
from workflows.change.rules.deploying import deploy_inputs, judged, only_in_deploy, places_of, unknown_environment
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import inputs_for, named, open_finding, sums
from workflows.change.seen import RequestKey
from workflows.change.state import LinkedRequest
from workflows.decisions import Reason

ASK_AGAIN: Final = timedelta(minutes=30)
"""How soon the same may be asked for again: whoever may approve is mentioned each time."""


def ask_deploy(draft: Draft, command: AskDeploy) -> tuple[Reason, ...]:
    """Ask for an approval that is missing. Nothing happens where none is, or where it was asked for just now."""
    reasons = only_in_deploy(draft)
    places = places_of(draft, command.environment)
    if reasons or not places:
        return reasons or (unknown_environment(draft, command.environment),)
    environment = places[0][1]
    results = (judged(draft, deploy_inputs(draft, ref, name)).of(Requirement.DEPLOY_APPROVED) for ref, name in places)
    missing = any(result is not None and result.held for result in results)
    last = max((one.at for one in draft.case.deploy_asks if one.environment == environment), default=None)
    if missing and (last is None or draft.now - last >= ASK_AGAIN):
        draft.add(DeployAsked(environment=environment))
    return ()


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
    return (unknown_environment(draft, command.environment),)
