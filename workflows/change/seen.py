"""What a forge told: small typed values that parsers make from webhook bodies and API answers.

Each names the stored document it belongs to (`scope`, `key`). They arrive late, twice and in any order; `facts.merge`
makes the same document of them all the same. Times are aware UTC; `seen_at` and `read_at` are our clock, all others
are the forge's.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from config.policy.ids import Mode, Requirement
from workflows.record import CommitSha, NumericId, Sha256Hex


class Forge(StrEnum):
    """Code hosts."""

    GITHUB = "github"
    GITLAB = "gitlab"


class RequestState(StrEnum):
    """State of a pull or merge request."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class ReviewState(StrEnum):
    """What a review says. The order is that of `facts`: of two tellings about one review the later here holds."""

    APPROVED = "approved"
    COMMENTED = "commented"
    CHANGES_REQUESTED = "changes_requested"
    DISMISSED = "dismissed"


class CheckStatus(StrEnum):
    """How far a check is."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


class StatusState(StrEnum):
    """State of a commit status."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"


class DeploymentState(StrEnum):
    """State of a deployment. `inactive` only says that a later one took its place."""

    PENDING = "pending"
    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"
    INACTIVE = "inactive"


class Fact(BaseModel):
    """Root of all facts: frozen, nothing beyond the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True, order=True)
class RequestKey:
    """A pull or merge request: forge, the repository's numeric id, and the number of the request in it."""

    forge: Forge
    repository_id: str
    number: int

    def __str__(self) -> str:
        """The key under which its facts are stored."""
        return f"{self.forge.value}:{self.repository_id}:{self.number}"


class Identity(Fact):
    """Somebody as the forge or a commit names them: the account where one is known, and the e-mail address.

    `forge` says whose account it is: the same number or login belongs to somebody else on the other forge.
    """

    forge: Forge = Forge.GITHUB
    id: NumericId | None = None
    login: str | None = None
    email: str | None = None
    bot: bool = False


class RequestCore(Fact):
    """A request as a whole at one moment, dated by the forge's `updated_at`.

    `merge_commit` counts only once merged: before, GitHub gives a test merge there, which is dropped here.
    """

    title: str
    body: str = ""
    head: CommitSha
    base: str
    head_ref: str = ""
    fork: bool = False
    draft: bool = False
    state: RequestState
    merge_commit: CommitSha | None = None
    merged_at: datetime | None = None
    author: Identity
    labels: tuple[str, ...] = ()
    updated_at: datetime

    @model_validator(mode="before")
    @classmethod
    def _no_test_merge(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        merged = values.get("state") == RequestState.MERGED
        labels = tuple(sorted(values.get("labels") or ()))
        return {**values, "labels": labels, **({} if merged else {"merge_commit": None, "merged_at": None})}


class Commit(Fact):
    """A commit of a request. `changes` are the change numbers that its `Change:` trailers name.

    `clean_merge` True: it only merges the base and resolves nothing by hand, hence adds no contributor.
    """

    sha: CommitSha
    authors: tuple[Identity, ...]
    committer: Identity | None = None
    co_authors: tuple[Identity, ...] = ()
    changes: tuple[str, ...] = ()
    clean_merge: bool = False


class Version(Fact):
    """A head that the request had. `diff`: SHA-256 of the patch against the merge base, None when not computed."""

    sha: CommitSha
    diff: Sha256Hex | None = None


class Review(Fact):
    """A review, bound to the commit it was given on.

    `writes`: whether the reviewer may write in the repository, in public everybody may review; None: not told.
    `unsure`: the forge does not tell on which commit, or the target was another then; it counts for none.
    """

    id: NumericId
    reviewer: Identity
    state: ReviewState
    commit: CommitSha | None = None
    submitted_at: datetime
    writes: bool | None = None
    unsure: bool = False


class CheckRun(Fact):
    """A check of a commit. `source` is the slug of the app; for a commit status, of its creator (without `[bot]`)."""

    name: str
    source: str
    id: NumericId
    status: CheckStatus
    conclusion: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    form: Literal["check", "status"] = "check"
    pipeline: NumericId | None = None
    """Where a job of GitLab ran: only those of a request's head pipeline (`RequestRead.pipeline`) count for it."""


class _Told(Fact):
    """Belongs to the document `key` of the `scope`."""

    scope: ClassVar[str]
    forge: Forge
    repository_id: NumericId

    @property
    def key(self) -> str:
        """The key of the document."""
        own = getattr(self, "number", getattr(self, "sha", None))
        return ":".join(str(part) for part in (self.forge.value, self.repository_id, own) if part is not None)


class _OfRequest(_Told):
    scope: ClassVar[str] = "request"
    number: int


class _OfCommit(_Told):
    scope: ClassVar[str] = "commit"
    sha: CommitSha


class _OfRepository(_Told):
    scope: ClassVar[str] = "repository"


class RequestSeen(_OfRequest):
    """A webhook told about the request as a whole."""

    repository: str
    core: RequestCore
    seen_at: datetime


class RequestRead(_OfRequest):
    """The request was read completely by API. `truncated`: some list was longer than what was read.

    `retargeted_at`: when it last got another target (GitHub). `read_at`: our clock before the first call.
    """

    repository: str
    core: RequestCore
    commits: tuple[Commit, ...]
    reviews: tuple[Review, ...] = ()
    paths: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    retargeted_at: datetime | None = None
    truncated: bool = False
    pipeline: NumericId | None = None
    read_at: datetime


class ReviewSeen(_OfRequest):
    """A review was submitted, edited or dismissed."""

    review: Review


class PushSeen(_OfRequest):
    """Somebody pushed a new head to the request."""

    before: CommitSha | None = None
    after: CommitSha
    pusher: Identity
    commits: tuple[Commit, ...] = ()


class Stirred(_OfRequest):
    """Something changed that the forge does not tell in full: only a reading from after `seen_at` holds."""

    seen_at: datetime


class VersionSeen(_OfRequest):
    """A head's patch against its merge base was computed, or one was found that was pushed away, with its `commits`."""

    version: Version
    commits: tuple[Commit, ...] = ()


class BranchPushed(_OfCommit):
    """Somebody pushed this commit as the tip of a branch, perhaps before there was a request; see `pushed.Push`."""

    before: CommitSha | None = None
    branch: str
    pusher: Identity
    forced: bool = False
    fresh: bool = True
    repository: str = ""
    at: datetime | None = None


class CheckSeen(_OfCommit):
    """A check run was created, started, finished or requested again."""

    check: CheckRun


class StatusSeen(_OfCommit):
    """A commit status was set."""

    id: NumericId
    context: str
    state: StatusState
    creator: Identity
    updated_at: datetime

    def as_check(self) -> CheckRun:
        """The status in the shape of a check."""
        done = self.state is not StatusState.PENDING
        return CheckRun(
            name=self.context,
            source=(self.creator.login or "").removesuffix("[bot]"),
            id=self.id,
            status=CheckStatus.COMPLETED if done else CheckStatus.IN_PROGRESS,
            conclusion=self.state.value if done else None,
            started_at=self.updated_at,
            completed_at=self.updated_at if done else None,
            form="status",
        )


class CommitRead(_OfCommit):
    """All checks and statuses of a commit were read by API."""

    checks: tuple[CheckRun, ...] = ()
    read_at: datetime


class DeploymentSeen(_OfCommit):
    """A deployment of this commit was created."""

    deployment_id: NumericId
    environment: str
    created_at: datetime
    creator: Identity | None = None


class DeploymentStatusSeen(_OfCommit):
    """A deployment of this commit reached a state."""

    deployment_id: NumericId
    environment: str
    created_at: datetime
    creator: Identity | None = None
    status_id: NumericId
    state: DeploymentState
    at: datetime


class DeploymentStep(Fact):
    """One state of a deployment."""

    id: NumericId
    state: DeploymentState
    at: datetime


class DeploymentRelated(_OfCommit):
    """A deployment of another commit (`deployed`), which contains this merge commit (`carries`), or does not any more.

    Concluded from the order of merges, not told by the forge (`lineage`).
    """

    deployment_id: NumericId
    environment: str
    created_at: datetime
    creator: Identity | None = None
    deployed: CommitSha
    carries: bool
    states: tuple[DeploymentStep, ...] = ()


class RepositorySeen(_OfRepository):
    """Name and kind of the repository."""

    name: str
    default_branch: str = ""
    private: bool = True
    seen_at: datetime


class ModeDecided(_OfRepository):
    """A recorded decision turned the gate of the repository on, or back to observing."""

    mode: Mode
    decided_at: datetime


class RepositoryWaiverSeen(_OfRepository):
    """A waiver for the whole repository was granted, or ended when `ended_at` is set."""

    waiver_id: UUID
    requirement: Requirement
    granted_at: datetime
    expires: datetime
    ended_at: datetime | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.expires < self.granted_at:
            message = f"expected a waiver to expire after {self.granted_at}, found {self.expires}"
            raise ValueError(message)
        return self


RequestUpdate = RequestSeen | RequestRead | ReviewSeen | PushSeen | Stirred | VersionSeen
CommitUpdate = (
    BranchPushed | CheckSeen | StatusSeen | CommitRead | DeploymentSeen | DeploymentStatusSeen | DeploymentRelated
)
RepositoryUpdate = RepositorySeen | ModeDecided | RepositoryWaiverSeen
Update = RequestUpdate | CommitUpdate | RepositoryUpdate
