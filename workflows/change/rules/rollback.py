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
from workflows.decisions import Reason


def record_rollback(draft: Draft, command: RecordRollback) -> tuple[Reason, ...]:
    """Record that an environment went back. No gate holds it: the way back is always open (A.8.32)."""
    if draft.case.stands not in FOLLOWED:
        return only_in_deploy(draft)
    places = places_of(draft, command.environment)
    reasons = [] if command.reason.strip() else [missing("reason")]
    if not places:
        reasons.append(unknown_environment(draft, command.environment))
    there = [place for place in places if _is_there(draft, place[1])]
    if places and not there:
        reasons.append(Reason(Refusal.NOT_DEPLOYED, subject="environment", found=places[0][1]))
    if reasons:
        return tuple(reasons)
    for ref, environment in there:
        values = {**named(request_of(draft.case, ref)), "environment": environment, "created_at": draft.now}
        draft.add(RolledBack.model_validate({**values, "by_hand": True, "reason": command.reason.strip()}))
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


def _is_there(draft: Draft, environment: str) -> bool:
    stages = (request.stage(environment) for request in draft.case.requests)
    gone = {None, DeploymentOutcome.ROLLED_BACK}
    return any(stage is not None and stage.outcome not in gone for stage in stages)
