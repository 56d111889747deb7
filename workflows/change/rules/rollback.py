"""The way back: an environment that went to an earlier commit by hand, and what takes the place of a change then."""

from workflows.change.codes import ChangeState, DeploymentOutcome, Refusal
from workflows.change.commands import NameSuccessor, RecordRollback
from workflows.change.events import RolledBack, SuccessorNamed
from workflows.change.rules.deploying import (
    FOLLOWED,
    only_in_deploy,
    places_of,
    request_of,
    settle_deploy,
    unknown_environment,
)
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import named
from workflows.change.rules.planning import missing
from workflows.change.seen import RequestKey
from workflows.change.state import Stage
from workflows.decisions import Reason


def record_rollback(draft: Draft, command: RecordRollback) -> tuple[Reason, ...]:
    """Record that an environment went back, or why, where the forge told of it. No gate holds it (A.8.32)."""
    if draft.case.stands not in FOLLOWED:
        return only_in_deploy(draft)
    places = places_of(draft, command.environment)
    reasons = [] if command.reason.strip() else [missing("reason")]
    if not places:
        reasons.append(unknown_environment(draft, command.environment))
    there = [place for place in places if _went(draft, *place)]
    if places and not there:
        reasons.append(Reason(Refusal.NOT_DEPLOYED, subject="environment", found=places[0][1]))
    if reasons:
        return tuple(reasons)
    for ref, environment in there:
        request = request_of(draft.case, ref)
        values = {**named(request), "environment": environment, "by_hand": True, "reason": command.reason.strip()}
        draft.add(RolledBack.model_validate({**values, **_which(draft, request.stage(environment))}))
    settle_deploy(draft)
    return ()


def name_successor(draft: Draft, command: NameSuccessor) -> tuple[Reason, ...]:
    """Say which change takes the place of one that was rolled back: an incident it fixed waits for that."""
    if draft.case.stands is not ChangeState.ROLLED_BACK:
        return (Reason(Refusal.NOT_ROLLED_BACK, subject="successor", found=draft.case.state),)
    if command.successor == draft.case.number or command.successor not in draft.context.related:
        return (Reason(Refusal.UNKNOWN_CHANGE, subject="successor", found=command.successor),)
    if draft.case.successor == command.successor:
        return (Reason(Refusal.NO_CHANGE, subject="successor"),)
    draft.add(SuccessorNamed(successor=command.successor))
    return ()


def _which(draft: Draft, stage: Stage | None) -> dict[str, object]:
    """The rollback that is meant: the one the forge told of, which lacks its reason, else one of this moment."""
    if stage is None or stage.outcome is not DeploymentOutcome.ROLLED_BACK:
        return {"created_at": draft.now}
    return {"created_at": stage.since or draft.now, "commit": stage.commit, "deployment": stage.deployment}


def _went(draft: Draft, ref: RequestKey, environment: str) -> bool:
    """Whether it was there, or went back with nobody having said why."""
    stage = request_of(draft.case, ref).stage(environment)
    gone = {None, DeploymentOutcome.ROLLED_BACK}
    return stage is not None and (stage.outcome not in gone or stage.unexplained)
