"""Events of the change workflow. Plain fields are hashed and kept, texts are disclosures that can be erased."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from config.policy.ids import ChangeKind, Mode, Requirement, Risk
from workflows.actors import Pseudonym
from workflows.change.codes import (
    ChangeState,
    DeploymentOutcome,
    Finding,
    LinkSource,
    MoveCause,
    RiskFactor,
    VerdictStatus,
    WaiverEnd,
    WaiverScope,
)
from workflows.change.emergency_events import EMERGENCY_EVENTS
from workflows.change.event_roots import RequestEvent
from workflows.change.seen import Forge
from workflows.events import DISCLOSED, Erased, Event, OptionalText, Text, Texts
from workflows.exported import CaseExported
from workflows.ledger.kinds import EntryKind
from workflows.record import CommitSha, NumericId, Sha256Hex

OptionalTexts = Annotated[tuple[str, ...] | Erased | None, DISCLOSED]


class ChangePlanned(Event):
    """A change was planned, by a person or from a request that named none (A.8.32)."""

    kind: ClassVar[EntryKind] = EntryKind.CHANGE_PLANNED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32",)
    title: Text
    change_kind: ChangeKind
    description: OptionalText = None
    affected: Texts = ()
    security: OptionalText = None
    rollback: OptionalText = None
    factors: tuple[RiskFactor, ...] | None = None
    incidents: Texts = ()
    requester: Pseudonym | None = None
    owner: Pseudonym | None = None
    from_request: bool = False


class ChangeAmended(Event):
    """Answers of the plan were given or altered; None leaves one as it was.

    `material`: something that was approved is different now, so approvals of the plan no longer count (A.8.32).
    """

    kind: ClassVar[EntryKind] = EntryKind.CHANGE_AMENDED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32",)
    title: OptionalText = None
    change_kind: ChangeKind | None = None
    description: OptionalText = None
    affected: OptionalTexts = None
    security: OptionalText = None
    rollback: OptionalText = None
    factors: tuple[RiskFactor, ...] | None = None
    incidents: OptionalTexts = None
    owner: Pseudonym | None = None
    material: bool = False


class RiskSet(Event):
    """The risk was derived anew from paths, kind and answers, or overridden by a person with a reason (A.8.32)."""

    kind: ClassVar[EntryKind] = EntryKind.RISK_SET
    controls: ClassVar[tuple[str, ...]] = ("A.8.32",)
    risk: Risk
    overridden: bool = False
    reason: OptionalText = None


class PlanApproved(Event):
    """Somebody other than the requester approved the plan at this risk; it also lifts their own objection."""

    kind: ClassVar[EntryKind] = EntryKind.PLAN_APPROVED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.3")
    risk: Risk
    note: OptionalText = None


class PlanObjected(Event):
    """Somebody objected to the plan."""

    kind: ClassVar[EntryKind] = EntryKind.PLAN_OBJECTED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32",)
    reason: Text


class RequestLinked(RequestEvent):
    """A request belongs to this change from now on."""

    kind: ClassVar[EntryKind] = EntryKind.REQUEST_LINKED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32",)
    link: LinkSource
    author: Pseudonym | None = None


class RequestUnlinked(RequestEvent):
    """A request no longer belongs to this change."""

    kind: ClassVar[EntryKind] = EntryKind.REQUEST_UNLINKED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32",)


class ChangeMoved(Event):
    """The change moved. `facts` is the digest of the verdicts that justify it."""

    kind: ClassVar[EntryKind] = EntryKind.CHANGE_MOVED
    controls: ClassVar[tuple[str, ...]] = ("A.8.25", "A.8.32")
    from_state: ChangeState
    to_state: ChangeState
    cause: MoveCause
    facts: Sha256Hex | None = None


class VerdictEvent(RequestEvent):
    """Root of the events that hold a verdict: its sums in plain, the explaining tree as a disclosure."""

    head: CommitSha
    status: VerdictStatus
    mode: Mode
    digest: Sha256Hex
    waiting: tuple[Requirement, ...] = ()
    wrong: tuple[Requirement, ...] = ()
    unknown: tuple[Requirement, ...] = ()
    waived: tuple[Requirement, ...] = ()
    tree: Text
    """JSON of `result.Verdict`."""


class VerdictChanged(VerdictEvent):
    """The gates judge this commit differently now. With an environment it is a verdict about deploying there."""

    kind: ClassVar[EntryKind] = EntryKind.VERDICT_CHANGED
    controls: ClassVar[tuple[str, ...]] = ("A.8.25", "A.8.29", "A.8.32", "A.5.3")
    environment: OptionalText = None


class VerdictFrozen(VerdictEvent):
    """The request was merged: this verdict held at that moment, and stays."""

    kind: ClassVar[EntryKind] = EntryKind.VERDICT_FROZEN
    controls: ClassVar[tuple[str, ...]] = ("A.8.25", "A.8.29", "A.8.32", "A.5.3")
    merge_commit: CommitSha
    merged_at: datetime


class DeployChecked(VerdictEvent):
    """A pipeline asked whether it may deploy this commit; recorded where the gate holds, when the answer is new."""

    kind: ClassVar[EntryKind] = EntryKind.DEPLOY_CHECKED
    controls: ClassVar[tuple[str, ...]] = ("A.8.31", "A.8.32")
    environment: Text


class DeployAsked(Event):
    """Somebody asked those who may for their approval of a deployment."""

    kind: ClassVar[EntryKind] = EntryKind.DEPLOY_ASKED
    controls: ClassVar[tuple[str, ...]] = ("A.8.31", "A.8.32")
    environment: Text


class DeployApproved(Event):
    """Somebody other than the authors approved the deployment of these commits to an environment (A.8.31)."""

    kind: ClassVar[EntryKind] = EntryKind.DEPLOY_APPROVED
    controls: ClassVar[tuple[str, ...]] = ("A.8.31", "A.8.32", "A.5.3")
    environment: Text
    commits: tuple[CommitSha, ...]


class DeploymentRecorded(RequestEvent):
    """The merge commit of a request was deployed to an environment, as the forge told or a person recorded."""

    kind: ClassVar[EntryKind] = EntryKind.DEPLOYMENT_SEEN
    controls: ClassVar[tuple[str, ...]] = ("A.8.31", "A.8.32")
    environment: Text
    commit: CommitSha
    outcome: DeploymentOutcome
    deployment: NumericId | None = None
    by_hand: bool = False
    created_at: datetime | None = None
    """When the deployment was created: of several the newest counts, in whatever order they were told."""


class RolledBack(RequestEvent):
    """An environment went back to a commit that does not contain the merge commit of this request (A.8.32).

    `commit`: where it went, None when a person recorded only that it did.
    """

    kind: ClassVar[EntryKind] = EntryKind.DEPLOYMENT_ROLLED_BACK
    controls: ClassVar[tuple[str, ...]] = ("A.8.31", "A.8.32")
    environment: Text
    created_at: datetime
    commit: CommitSha | None = None
    deployment: NumericId | None = None
    by_hand: bool = False
    reason: OptionalText = None


class DeployedOffline(RequestEvent):
    """A pipeline let a deployment through while the gate could not be asked, with this reason (A.8.32).

    `notice` is the id under which the pipeline reported it afterwards; `at` the pipeline's clock.
    """

    kind: ClassVar[EntryKind] = EntryKind.DEPLOYED_OFFLINE
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.36")
    environment: Text
    commit: CommitSha
    notice: UUID
    at: datetime
    reason: Text
    status: VerdictStatus
    """What the gate says about it on the facts that are known when it is told."""


class SuccessorNamed(Event):
    """Another change takes the place of this one, which was rolled back."""

    kind: ClassVar[EntryKind] = EntryKind.SUCCESSOR_NAMED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32",)
    successor: Text


class WaiverRequested(Event):
    """Somebody asked to do without a requirement for a time, with a compensating measure (A.5.36)."""

    kind: ClassVar[EntryKind] = EntryKind.WAIVER_REQUESTED
    controls: ClassVar[tuple[str, ...]] = ("A.5.36", "A.8.32")
    waiver: UUID
    requirement: Requirement
    scope: WaiverScope
    reason: Text
    measure: Text
    owner: Pseudonym
    expires: datetime
    forge: Forge | None = None
    repository_id: NumericId | None = None


class WaiverGranted(Event):
    """A risk owner who did not ask for it granted a waiver (A.5.3, A.5.36)."""

    kind: ClassVar[EntryKind] = EntryKind.WAIVER_GRANTED
    controls: ClassVar[tuple[str, ...]] = ("A.5.3", "A.5.36", "A.8.32")
    waiver: UUID


class WaiverEnded(Event):
    """A waiver ended, by itself or because a person withdrew it."""

    kind: ClassVar[EntryKind] = EntryKind.WAIVER_ENDED
    controls: ClassVar[tuple[str, ...]] = ("A.5.36", "A.8.32")
    waiver: UUID
    end: WaiverEnd


class ChangeCancelled(Event):
    """The change is not going to happen."""

    kind: ClassVar[EntryKind] = EntryKind.CHANGE_CANCELLED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32",)
    reason: Text


class FindingOpened(RequestEvent):
    """Something happened against the rules of an enforced repository and needs a retrospective review.

    `number` 0: no request brought it, only a commit. `by` is who did it, as far as the forge says.
    """

    kind: ClassVar[EntryKind] = EntryKind.FINDING_OPENED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.36")
    finding: UUID
    found: Finding
    requirement: Requirement | None = None
    environment: OptionalText = None
    commit: CommitSha | None = None
    number: int = 0
    branch: OptionalText = None
    deployment: NumericId | None = None
    by: Pseudonym | None = None


class GateDecided(Event):
    """Root of the two decisions about the gate of a repository."""

    forge: Forge
    repository_id: NumericId
    repository: Text
    reason: OptionalText = None


class GateEnforced(GateDecided):
    """From now on the gate holds."""

    kind: ClassVar[EntryKind] = EntryKind.GATE_ENFORCED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.8.25")


class GateObserved(GateDecided):
    """From now on the gate only tells what it would hold."""

    kind: ClassVar[EntryKind] = EntryKind.GATE_OBSERVED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.8.25")


EVENTS: tuple[type[Event], ...] = (
    ChangePlanned,
    ChangeAmended,
    RiskSet,
    PlanApproved,
    PlanObjected,
    RequestLinked,
    RequestUnlinked,
    ChangeMoved,
    VerdictChanged,
    VerdictFrozen,
    DeployApproved,
    DeploymentRecorded,
    RolledBack,
    DeployedOffline,
    SuccessorNamed,
    DeployChecked,
    DeployAsked,
    WaiverRequested,
    WaiverGranted,
    WaiverEnded,
    ChangeCancelled,
    FindingOpened,
    GateEnforced,
    GateObserved,
    CaseExported,
    *EMERGENCY_EVENTS,
)
"""Every event of this workflow."""
