"""The fold: a change after one more entry. Used when deciding, when storing and when verifying; reads nothing else."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from config.policy.ids import Mode
from workflows.change.apply_emergency import EMERGENCY_FOLDS
from workflows.change.codes import DeploymentOutcome
from workflows.change.event_roots import RequestEvent
from workflows.change.events import (
    ChangeAmended,
    ChangeCancelled,
    ChangeMoved,
    ChangePlanned,
    DeployApproved,
    DeployAsked,
    DeployChecked,
    DeployedOffline,
    DeploymentRecorded,
    FindingOpened,
    GateDecided,
    GateEnforced,
    GateObserved,
    PlanApproved,
    PlanObjected,
    RequestLinked,
    RequestUnlinked,
    RiskSet,
    RolledBack,
    SuccessorNamed,
    VerdictChanged,
    VerdictEvent,
    VerdictFrozen,
    WaiverEnded,
    WaiverGranted,
    WaiverRequested,
)
from workflows.change.folding import decider
from workflows.change.result import Verdict
from workflows.change.state import (
    ChangeCase,
    DeployApproval,
    DeployAsk,
    FoundItem,
    GateRecord,
    LinkedRequest,
    PlanApproval,
    PlanObjection,
    Stage,
    ToldDeployment,
    VerdictRecord,
    Waiver,
)
from workflows.errors import Tampered
from workflows.events import Erased, Event, Recorded
from workflows.exported import CaseExported, item_of
from workflows.workflow import admit

E = TypeVar("E", bound=Event)
Fold = Callable[[ChangeCase, Any, Recorded], ChangeCase]


def apply(case: ChangeCase, recorded: Recorded) -> ChangeCase:
    """The change after this entry. Raises Tampered when the entry cannot follow."""
    fold = FOLDS.get(type(recorded.event))
    if fold is None:
        message = f"expected an event of a change, found {type(recorded.event).__name__}"
        raise Tampered(message)
    return fold(admit(case, recorded), recorded.event, recorded)


def _with(case: ChangeCase, **parts: object) -> ChangeCase:
    return case.model_copy(update=parts)


def _planned(case: ChangeCase, event: ChangePlanned, recorded: Recorded) -> ChangeCase:
    return _with(
        case,
        opened_at=recorded.at,
        title=event.title,
        kind=event.change_kind,
        description=event.description,
        affected=event.affected,
        security=event.security,
        rollback=event.rollback,
        factors=event.factors,
        incidents=event.incidents,
        requester=event.requester,
        owner=event.owner or event.requester,
        from_request=event.from_request,
    )


def _amended(case: ChangeCase, event: ChangeAmended, _recorded: Recorded) -> ChangeCase:
    given = {
        "title": event.title,
        "kind": event.change_kind,
        "description": event.description,
        "affected": event.affected,
        "security": event.security,
        "rollback": event.rollback,
        "factors": event.factors,
        "incidents": event.incidents,
        "owner": event.owner,
    }
    parts = {name: value for name, value in given.items() if value is not None}
    return _with(case, **parts, **({"plan_approvals": ()} if event.material else {}))


def _risk_set(case: ChangeCase, event: RiskSet, _recorded: Recorded) -> ChangeCase:
    return _with(case, risk=event.risk, risk_overridden=event.overridden, risk_reason=event.reason)


def _plan_approved(case: ChangeCase, event: PlanApproved, recorded: Recorded) -> ChangeCase:
    by = decider(recorded)
    approvals = tuple(item for item in case.plan_approvals if item.by != by)
    objections = tuple(item for item in case.plan_objections if item.by != by)
    given = PlanApproval(by=by, at=recorded.at, risk=event.risk)
    return _with(case, plan_approvals=(*approvals, given), plan_objections=objections)


def _plan_objected(case: ChangeCase, event: PlanObjected, recorded: Recorded) -> ChangeCase:
    by = decider(recorded)
    approvals = tuple(item for item in case.plan_approvals if item.by != by)
    objections = tuple(item for item in case.plan_objections if item.by != by)
    raised = PlanObjection(by=by, at=recorded.at, reason=event.reason)
    return _with(case, plan_approvals=approvals, plan_objections=(*objections, raised))


def _linked(case: ChangeCase, event: RequestLinked, _recorded: Recorded) -> ChangeCase:
    known = case.request(event.ref)
    if known is not None:
        author = event.author or known.author
        return _update(case, event, link=event.link, author=author, repository=event.repository)
    linked = LinkedRequest(
        forge=event.forge,
        repository_id=event.repository_id,
        number=event.number,
        repository=event.repository,
        link=event.link,
        author=event.author,
    )
    return _with(case, requests=(*case.requests, linked))


def _unlinked(case: ChangeCase, event: RequestUnlinked, _recorded: Recorded) -> ChangeCase:
    return _with(case, requests=tuple(item for item in case.requests if item.ref != event.ref))


def _moved(case: ChangeCase, event: ChangeMoved, _recorded: Recorded) -> ChangeCase:
    if event.from_state != case.state:
        message = f"move of a change: expected from {case.state}, found from {event.from_state}"
        raise Tampered(message)
    return _with(case, state=event.to_state)


def _verdict_changed(case: ChangeCase, event: VerdictChanged, recorded: Recorded) -> ChangeCase:
    record = _record(event, recorded)
    if event.environment is None:
        return _update(case, event, verdict=record)
    return _stage(case, event, event.environment, verdict=record)


def _verdict_frozen(case: ChangeCase, event: VerdictFrozen, recorded: Recorded) -> ChangeCase:
    record = _record(event, recorded)
    return _update(
        case, event, verdict=record, frozen=record, merge_commit=event.merge_commit, merged_at=event.merged_at
    )


def _deploy_approved(case: ChangeCase, event: DeployApproved, recorded: Recorded) -> ChangeCase:
    given = DeployApproval(by=decider(recorded), at=recorded.at, environment=event.environment, commits=event.commits)
    return _with(case, deploy_approvals=(*case.deploy_approvals, given))


def _deploy_asked(case: ChangeCase, event: DeployAsked, recorded: Recorded) -> ChangeCase:
    asked = DeployAsk(by=decider(recorded), at=recorded.at, environment=event.environment)
    return _with(case, deploy_asks=(*case.deploy_asks, asked))


def _deployed(case: ChangeCase, event: DeploymentRecorded, _recorded: Recorded) -> ChangeCase:
    told = {"outcome": event.outcome, "deployment": event.deployment, "by_hand": event.by_hand}
    if event.created_at is None:
        return _stage(case, event, event.environment, **told)
    known = _known_stage(case, event, event.environment)
    by_person = event.by_hand and event.outcome is DeploymentOutcome.SUCCEEDED
    verified = {"verified": (*known.verified, event.commit)} if by_person else {}
    newest = _newest(known, event, told)
    settled = {"unexplained": False} if "outcome" in newest else {}
    return _stage(case, event, event.environment, **newest, **verified, **settled)


def _rolled_back(case: ChangeCase, event: RolledBack, _recorded: Recorded) -> ChangeCase:
    known = _known_stage(case, event, event.environment)
    outcome = DeploymentOutcome.ROLLED_BACK
    told = {"outcome": outcome, "deployment": event.deployment, "by_hand": event.by_hand}
    newest = _newest(known, event, told)
    open_question = {"unexplained": event.reason is None} if "outcome" in newest else {}
    return _stage(case, event, event.environment, **newest, **open_question)


def _newest(known: Stage, event: DeploymentRecorded | RolledBack, told: dict[str, Any]) -> dict[str, Any]:
    """What of a deployment counts for its stage: all of it, or only that it was recorded where a newer one is known."""
    parts: dict[str, Any] = {}
    if event.deployment is not None:
        others = (item for item in known.told if item.id != event.deployment)
        item = ToldDeployment(id=event.deployment, outcome=told["outcome"])
        parts["told"] = tuple(sorted((*others, item), key=lambda one: one.id))
    if known.since is None or (event.created_at is not None and event.created_at >= known.since):
        parts |= {**told, "since": event.created_at, "commit": event.commit}
    return parts


def _offline(case: ChangeCase, event: DeployedOffline, _recorded: Recorded) -> ChangeCase:
    return _with(case, offline=(*case.offline, event.notice))


def _succeeded(case: ChangeCase, event: SuccessorNamed, _recorded: Recorded) -> ChangeCase:
    return _with(case, successor=event.successor)


def _checked(case: ChangeCase, event: DeployChecked, recorded: Recorded) -> ChangeCase:
    return _stage(case, event, event.environment, checked=_record(event, recorded))


def _waiver_requested(case: ChangeCase, event: WaiverRequested, recorded: Recorded) -> ChangeCase:
    asked = Waiver(
        id=event.waiver,
        requirement=event.requirement,
        scope=event.scope,
        reason=event.reason,
        measure=event.measure,
        owner=event.owner,
        requested_by=recorded.by,
        requested_at=recorded.at,
        expires=event.expires,
        forge=event.forge,
        repository_id=event.repository_id,
    )
    return _with(case, waivers=(*case.waivers, asked))


def _waiver_granted(case: ChangeCase, event: WaiverGranted, recorded: Recorded) -> ChangeCase:
    return _waiver(case, event, granted_by=recorded.by, granted_at=recorded.at)


def _waiver_ended(case: ChangeCase, event: WaiverEnded, recorded: Recorded) -> ChangeCase:
    return _waiver(case, event, ended_at=recorded.at)


def _cancelled(case: ChangeCase, event: ChangeCancelled, _recorded: Recorded) -> ChangeCase:
    return _with(case, cancelled_for=event.reason)


def _finding(case: ChangeCase, event: FindingOpened, recorded: Recorded) -> ChangeCase:
    item = FoundItem(
        id=event.finding,
        found=event.found,
        at=recorded.at,
        request=str(event.ref),
        requirement=event.requirement,
        environment=event.environment,
        commit=event.commit,
        branch=event.branch,
        by=event.by,
    )
    return _with(case, findings=(*case.findings, item))


def _gate(case: ChangeCase, event: GateDecided, _recorded: Recorded) -> ChangeCase:
    mode = Mode.ENFORCE if isinstance(event, GateEnforced) else Mode.OBSERVE
    decided = GateRecord(forge=event.forge, repository_id=event.repository_id, repository=event.repository, mode=mode)
    return _with(case, gate=decided)


def _exported(case: ChangeCase, event: CaseExported, recorded: Recorded) -> ChangeCase:
    return _with(case, exports=(*case.exports, item_of(event, recorded)))


FOLDS: Final[Mapping[type[Event], Fold]] = MappingProxyType(
    {
        ChangePlanned: _planned,
        ChangeAmended: _amended,
        RiskSet: _risk_set,
        PlanApproved: _plan_approved,
        PlanObjected: _plan_objected,
        RequestLinked: _linked,
        RequestUnlinked: _unlinked,
        ChangeMoved: _moved,
        VerdictChanged: _verdict_changed,
        VerdictFrozen: _verdict_frozen,
        DeployApproved: _deploy_approved,
        DeployAsked: _deploy_asked,
        DeploymentRecorded: _deployed,
        RolledBack: _rolled_back,
        DeployedOffline: _offline,
        SuccessorNamed: _succeeded,
        DeployChecked: _checked,
        WaiverRequested: _waiver_requested,
        WaiverGranted: _waiver_granted,
        WaiverEnded: _waiver_ended,
        ChangeCancelled: _cancelled,
        FindingOpened: _finding,
        GateEnforced: _gate,
        GateObserved: _gate,
        CaseExported: _exported,
        **EMERGENCY_FOLDS,
    }
)


def _update(case: ChangeCase, event: RequestEvent, **parts: object) -> ChangeCase:
    known = case.request(event.ref)
    if known is None:
        message = f"expected a request of the change, found {event.ref}"
        raise Tampered(message)
    altered = known.model_copy(update=parts)
    return _with(case, requests=tuple(altered if item is known else item for item in case.requests))


def _known_stage(case: ChangeCase, event: RequestEvent, environment: str | Erased) -> Stage:
    request = case.request(event.ref)
    known = request.stage(environment) if request and isinstance(environment, str) else None
    return known or Stage(environment=environment)


def _stage(case: ChangeCase, event: RequestEvent, environment: str | Erased, **parts: object) -> ChangeCase:
    """An erased environment is one of its own: its entry still counts, its place can no longer be told."""
    request = case.request(event.ref)
    stages = request.stages if request else ()
    known = request.stage(environment) if request and isinstance(environment, str) else None
    if known is None:
        altered = Stage(environment=environment).model_copy(update=parts)
        return _update(case, event, stages=(*stages, altered))
    altered = known.model_copy(update=parts)
    return _update(case, event, stages=tuple(altered if item is known else item for item in stages))


def _waiver(case: ChangeCase, event: WaiverGranted | WaiverEnded, **parts: object) -> ChangeCase:
    known = case.waiver(event.waiver)
    if known is None:
        message = f"expected a waiver of the change, found {event.waiver}"
        raise Tampered(message)
    altered = known.model_copy(update=parts)
    return _with(case, waivers=tuple(altered if item is known else item for item in case.waivers))


def _record(event: VerdictEvent, recorded: Recorded) -> VerdictRecord:
    tree = None if isinstance(event.tree, Erased) else Verdict.model_validate_json(event.tree)
    return VerdictRecord(
        status=event.status, mode=event.mode, head=event.head, digest=event.digest, at=recorded.at, tree=tree
    )
