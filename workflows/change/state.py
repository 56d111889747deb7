"""A change as its entries tell it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from config.policy.ids import ChangeKind, Mode, Requirement, Risk
from workflows.actors import Pseudonym
from workflows.change.codes import (
    ChangeState,
    DeploymentOutcome,
    Finding,
    LinkSource,
    RiskFactor,
    VerdictStatus,
    WaiverScope,
)
from workflows.change.emergency import Emergency, Owed, Retrospective
from workflows.change.piece import Piece
from workflows.change.result import OPENING, Verdict
from workflows.change.seen import Forge, RequestKey
from workflows.events import Erased
from workflows.exported import ExportItem
from workflows.workflow import Case

OVER = frozenset({ChangeState.DONE, ChangeState.CANCELLED, ChangeState.ROLLED_BACK})
"""States in which a change rests. Only one is ever left: `done` becomes `rolled_back` when production goes back."""


def same_name(known: str | Erased | None, wanted: str) -> bool:
    """Whether two environments are the same one; the forges ignore case there. An erased name is no environment."""
    return isinstance(known, str) and known.casefold() == wanted.casefold()


class PlanApproval(Piece):
    """An approval of the plan: who, when, and the risk it was given for."""

    by: Pseudonym
    at: datetime
    risk: Risk


class PlanObjection(Piece):
    """An objection to the plan; lifted when the same person approves."""

    by: Pseudonym
    at: datetime
    reason: str | Erased


class DeployApproval(Piece):
    """An approval to deploy these commits to an environment."""

    by: Pseudonym
    at: datetime
    environment: str | Erased
    commits: tuple[str, ...]


class DeployAsk(Piece):
    """A request for the approval of a deployment."""

    by: Pseudonym
    at: datetime
    environment: str | Erased


class Waiver(Piece):
    """A requirement done without for a time. It counts from the grant to `expires`, unless it ended before."""

    id: UUID
    requirement: Requirement
    scope: WaiverScope
    reason: str | Erased
    measure: str | Erased
    owner: Pseudonym
    requested_by: Pseudonym | None
    requested_at: datetime
    expires: datetime
    forge: Forge | None = None
    repository_id: str | None = None
    granted_by: Pseudonym | None = None
    granted_at: datetime | None = None
    ended_at: datetime | None = None

    def counts(self, at: datetime) -> bool:
        """Whether it stands in for its requirement at this moment."""
        if self.granted_at is None or not self.granted_at <= at < self.expires:
            return False
        return self.ended_at is None or at < self.ended_at


class VerdictRecord(Piece):
    """A recorded verdict. `tree` is None when its text was erased."""

    status: VerdictStatus
    mode: Mode
    head: str
    digest: str
    at: datetime
    tree: Verdict | None = None

    @property
    def opens(self) -> bool:
        """Whether the requirements let it through, whatever the mode."""
        return self.status in OPENING


class ToldDeployment(Piece):
    """A deployment that was recorded, and how it went as far as recorded."""

    id: str
    outcome: DeploymentOutcome


class Stage(Piece):
    """A request's merge commit in one environment: the last deploy verdict, and how the last deployment went.

    `since` is when that deployment was created, `commit` what it deployed; `told` are all recorded ones. `verified`:
    commits that a person recorded as successfully deployed. `checked`: what `gate check` last answered.
    """

    environment: str | Erased
    verdict: VerdictRecord | None = None
    outcome: DeploymentOutcome | None = None
    deployment: str | None = None
    by_hand: bool = False
    since: datetime | None = None
    commit: str | None = None
    told: tuple[ToldDeployment, ...] = ()
    verified: tuple[str, ...] = ()
    checked: VerdictRecord | None = None
    unexplained: bool = False
    """It went back, as the forge told, and nobody has said why yet."""

    def recorded(self, deployment: str) -> DeploymentOutcome | None:
        """How a deployment went as far as recorded; None when it was not recorded."""
        if self.deployment == deployment and self.since is None:
            return self.outcome
        return next((item.outcome for item in self.told if item.id == deployment), None)


class LinkedRequest(Piece):
    """A request of this change. `verdict` is the last one recorded, `frozen` the one that held at the merge."""

    forge: Forge
    repository_id: str
    number: int
    repository: str | Erased
    link: LinkSource
    author: Pseudonym | None = None
    verdict: VerdictRecord | None = None
    frozen: VerdictRecord | None = None
    merge_commit: str | None = None
    merged_at: datetime | None = None
    stages: tuple[Stage, ...] = ()

    @property
    def ref(self) -> RequestKey:
        """Which request this is."""
        return RequestKey(self.forge, self.repository_id, self.number)

    @property
    def merged(self) -> bool:
        """Whether it was merged."""
        return self.merge_commit is not None

    def stage(self, environment: str) -> Stage | None:
        """What is recorded about one environment."""
        return next((item for item in self.stages if same_name(item.environment, environment)), None)


class FoundItem(Piece):
    """A finding about this change. `request` is the key of what brought it, with number 0 where no request did.

    `by` is who did it, as far as the forge says. A cleared finding turned out to be none.
    """

    id: UUID
    found: Finding
    at: datetime
    request: str
    requirement: Requirement | None = None
    environment: str | Erased | None = None
    commit: str | None = None
    branch: str | Erased | None = None
    by: Pseudonym | None = None
    cleared_at: datetime | None = None


class GateRecord(Piece):
    """The decision about a repository's gate that this record is about."""

    forge: Forge
    repository_id: str
    repository: str | Erased
    mode: Mode


class ChangeCase(Case):
    """A change (A.8.32). `risk` is the derived one unless overridden; `factors` None: not answered yet."""

    state: str = ChangeState.PLAN
    title: str | Erased = ""
    kind: ChangeKind = ChangeKind.NORMAL
    risk: Risk | None = None
    risk_overridden: bool = False
    risk_reason: str | Erased | None = None
    requester: Pseudonym | None = None
    owner: Pseudonym | None = None
    description: str | Erased | None = None
    affected: tuple[str, ...] | Erased = ()
    security: str | Erased | None = None
    rollback: str | Erased | None = None
    factors: tuple[RiskFactor, ...] | None = None
    incidents: tuple[str, ...] | Erased = ()
    from_request: bool = False
    requests: tuple[LinkedRequest, ...] = ()
    plan_approvals: tuple[PlanApproval, ...] = ()
    plan_objections: tuple[PlanObjection, ...] = ()
    deploy_approvals: tuple[DeployApproval, ...] = ()
    deploy_asks: tuple[DeployAsk, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    findings: tuple[FoundItem, ...] = ()
    emergencies: tuple[Emergency, ...] = ()
    owed: tuple[Owed, ...] = ()
    reviews: tuple[Retrospective, ...] = ()
    gate: GateRecord | None = None
    cancelled_for: str | Erased | None = None
    successor: str | Erased | None = None
    """Number of the change that takes the place of this one after it was rolled back."""
    offline: tuple[UUID, ...] = ()
    """Notices of deployments that were let through while the gate could not be asked."""
    exports: tuple[ExportItem, ...] = ()

    @property
    def stands(self) -> ChangeState:
        """The state as a member of the closed list."""
        return ChangeState(self.state)

    @property
    def over(self) -> bool:
        """Whether the change never moves again."""
        return self.stands in OVER

    @property
    def merged(self) -> bool:
        """Whether every request of the change was merged (false when it has none)."""
        return bool(self.requests) and all(request.merged for request in self.requests)

    @property
    def by_policy(self) -> bool:
        """Whether the policy approved it beforehand: a standard change opened from the request of a listed bot."""
        return self.kind is ChangeKind.STANDARD and self.from_request and self.requester is None

    @property
    def review(self) -> Retrospective | None:
        """The retrospective review that has still to be held."""
        return next((item for item in self.reviews if item.open), None)

    @property
    def open_owed(self) -> tuple[Owed, ...]:
        """Requirements that were skipped and are still due."""
        return tuple(item for item in self.owed if item.settlement is None)

    @property
    def open_findings(self) -> tuple[FoundItem, ...]:
        """Findings that no retrospective review has dealt with yet."""
        review = self.review
        return tuple(item for item in self.findings if review and item.cleared_at is None and item.at >= review.at)

    @property
    def unsettled(self) -> bool:
        """Whether a retrospective review or a skipped requirement is still due: it cannot be done before."""
        return self.review is not None or bool(self.open_owed)

    def request(self, ref: RequestKey) -> LinkedRequest | None:
        """One request of the change."""
        return next((item for item in self.requests if item.ref == ref), None)

    def waiver(self, waiver_id: UUID) -> Waiver | None:
        """One waiver of the change."""
        return next((item for item in self.waivers if item.id == waiver_id), None)

    def numbered(self) -> Mapping[str, LinkedRequest]:
        """The requests by the key their facts are stored under."""
        return {str(item.ref): item for item in self.requests}
