"""The parts of GitLab's webhook bodies that we read, and what they are in our terms. Everything else is left unread."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from workflows.change.people import is_bot
from workflows.change.seen import CheckRun, CheckStatus, DeploymentState, Forge, Identity, RequestCore, RequestState
from workflows.record import CommitSha

JOBS: Final = "gitlab-ci"
"""Source of the checks that a project's own pipelines make."""
JOBS_OF_A_FORK: Final = "gitlab-ci-fork"
"""Source of those that a fork's pipelines make: whoever owns the fork can make them green."""
_NO_COMMIT: Final = "0" * 40
_PUBLIC: Final = 20
_OLD_MOMENT: Final = re.compile(r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) (UTC|[+-]\d{4})$")
_RUNNING: Final = frozenset({"running", "canceling"})
_ENDED: Final[Mapping[str, str]] = {
    "success": "success",
    "failed": "failure",
    "canceled": "cancelled",
    "skipped": "skipped",
}
"""How jobs and external statuses end, in the words that checks have with us. All other states have not begun."""
_DEPLOYED: Final[Mapping[str, DeploymentState]] = {
    "created": DeploymentState.QUEUED,
    "blocked": DeploymentState.PENDING,
    "running": DeploymentState.IN_PROGRESS,
    "success": DeploymentState.SUCCESS,
    "failed": DeploymentState.FAILURE,
    "canceled": DeploymentState.ERROR,
}


def _moment(value: Any) -> Any:
    """Webhooks also write times as `2016-08-12 15:23:28 UTC`."""
    found = _OLD_MOMENT.match(value) if isinstance(value, str) else None
    if found is None:
        return value
    zone = "+0000" if found.group(3) == "UTC" else found.group(3)
    return f"{found.group(1)}T{found.group(2)}{zone}"


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
MaybeCommit = Annotated[CommitSha | None, BeforeValidator(lambda value: None if value in (_NO_COMMIT, "") else value)]


def utc(moment: datetime) -> datetime:
    """The same moment, written in UTC: facts are compared as text, too."""
    return moment.astimezone(UTC)


def maybe_utc(moment: datetime | None) -> datetime | None:
    """The same for one that may be missing."""
    return utc(moment) if moment else None


class Part(BaseModel):
    """A part of a body."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class User(Part):
    """An account."""

    id: int | None = None
    username: str | None = None


def identity(number: int | None, login: str | None, *, bot: bool = False, email: str | None = None) -> Identity:
    """An account in our terms; one without number and login has no key and never resolves."""
    found = Identity(forge=Forge.GITLAB, id=str(number) if number else None, login=login, email=email, bot=bot)
    return found.model_copy(update={"bot": is_bot(found)})


class Project(Part):
    """A project."""

    id: int | None = None
    path: str = Field("", alias="path_with_namespace")
    default_branch: str | None = None
    visibility: int | None = Field(None, alias="visibility_level")

    @property
    def private(self) -> bool:
        """Whether not everybody can see it."""
        return self.visibility != _PUBLIC


class Labelled(Part):
    """A label."""

    title: str = ""


class LastCommit(Part):
    """The head."""

    id: CommitSha


class MergeRequest(Part):
    """A merge request, as its own events carry it."""

    iid: int
    title: str
    description: str | None = None
    state: str
    draft: bool = False
    work_in_progress: bool = False
    merge_commit: MaybeCommit = Field(None, alias="merge_commit_sha")
    updated_at: Moment
    author_id: int | None = None
    source_branch: str
    target_branch: str
    source_project: int | None = Field(None, alias="source_project_id")
    target_project: int = Field(alias="target_project_id")
    last_commit: LastCommit
    before: MaybeCommit = Field(None, alias="oldrev")
    action: str = ""

    def core(self, user: User | None, labels: tuple[Labelled, ...]) -> RequestCore:
        """The request in our terms. The author's login is told only where the author acts."""
        acting = user.username if user is not None and user.id is not None and user.id == self.author_id else None
        return RequestCore(
            title=self.title,
            body=self.description or "",
            head=self.last_commit.id,
            base=self.target_branch,
            head_ref=self.source_branch,
            fork=self.source_project != self.target_project,
            draft=self.draft or self.work_in_progress,
            state=state_of(self.state),
            merge_commit=self.merge_commit,
            # The webhook of a merge has no time of its own; that of its last change is the merge.
            merged_at=utc(self.updated_at) if self.merge_commit else None,
            author=identity(self.author_id, acting),
            labels=tuple(label.title for label in labels),
            updated_at=utc(self.updated_at),
        )


def state_of(state: str) -> RequestState:
    """A state in our terms; `locked` only lasts while it is being merged."""
    known = {"merged": RequestState.MERGED, "closed": RequestState.CLOSED}
    return known.get(state.casefold(), RequestState.OPEN)


class MergeRequestHook(Part):
    """`merge_request`."""

    user: User | None = None
    project: Project
    request: MergeRequest = Field(alias="object_attributes")
    labels: tuple[Labelled, ...] = ()
    changes: Mapping[str, Any] = Field(default_factory=dict)


class Build(Part):
    """A job in the webhook of its pipeline."""

    id: int
    name: str
    status: str
    allow_failure: bool = False
    started_at: Moment | None = None
    finished_at: Moment | None = None


class Pipeline(Part):
    """A pipeline."""

    id: int
    ref: str = ""
    sha: CommitSha
    source: str = ""
    status: str
    tag: bool = False


class OfRequest(Part):
    """The merge request that a pipeline or note is about."""

    iid: int
    source_project: int | None = Field(None, alias="source_project_id")
    target_project: int | None = Field(None, alias="target_project_id")


class PipelineHook(Part):
    """`pipeline`."""

    project: Project
    pipeline: Pipeline = Field(alias="object_attributes")
    request: OfRequest | None = Field(None, alias="merge_request")
    builds: tuple[Build, ...] = ()


class OfPipeline(Part):
    """What a job's webhook calls its commit: the id is the pipeline's."""

    id: int | None = None


class JobHook(Part):
    """`build`."""

    project_id: int
    project: Project | None = None
    sha: CommitSha
    ref: str = ""
    tag: bool = False
    pipeline_id: int | None = None
    commit: OfPipeline = OfPipeline()
    build_id: int
    build_name: str
    build_status: str
    build_allow_failure: bool = False
    build_started_at: Moment | None = None
    build_finished_at: Moment | None = None

    @property
    def pipeline(self) -> int | None:
        """The pipeline's id, in older versions only where they call it the commit's."""
        return self.pipeline_id or self.commit.id

    @property
    def build(self) -> Build:
        """The job."""
        return Build(
            id=self.build_id,
            name=self.build_name,
            status=self.build_status,
            allow_failure=self.build_allow_failure,
            started_at=self.build_started_at,
            finished_at=self.build_finished_at,
        )


class DeploymentHook(Part):
    """`deployment`. It names the commit in short only, so everything else is read."""

    project: Project
    deployment_id: int


class Noted(Part):
    """A note."""

    about: str = Field(alias="noteable_type")


class NoteHook(Part):
    """`note`."""

    user: User | None = None
    project: Project
    note: Noted = Field(alias="object_attributes")
    request: OfRequest | None = Field(None, alias="merge_request")


class PushHook(Part):
    """`push`: a branch got a new tip."""

    ref: str
    before: MaybeCommit = None
    after: MaybeCommit = None
    project_id: int
    user_id: int
    user_username: str | None = None
    project: Project

    @property
    def branch(self) -> str | None:
        """The branch; None for anything else."""
        kind, _, name = self.ref.removeprefix("refs/").partition("/")
        return name if kind == "heads" else None


def ending(status: str, *, allowed: bool) -> tuple[CheckStatus, str | None]:
    """How far a job is and how it ended. A failure that the pipeline allows is none of ours: it stays no success."""
    lower = status.casefold()
    if lower in _RUNNING:
        return CheckStatus.IN_PROGRESS, None
    conclusion = _ENDED.get(lower)
    if conclusion is None:
        return CheckStatus.QUEUED, None
    return CheckStatus.COMPLETED, "failure_allowed" if allowed and conclusion == "failure" else conclusion


def check_of(build: Build, source: str, pipeline: int | None) -> CheckRun:
    """A job in our terms. `pipeline` None: that of a fork, whose jobs have a source of their own."""
    status, conclusion = ending(build.status, allowed=build.allow_failure)
    done = status is CheckStatus.COMPLETED
    return CheckRun(
        name=build.name,
        source=source,
        id=str(build.id),
        status=status,
        conclusion=conclusion,
        started_at=maybe_utc(build.started_at),
        completed_at=maybe_utc(build.finished_at or build.started_at) if done else None,
        pipeline=str(pipeline) if pipeline is not None else None,
    )


def deployment_state(status: str) -> DeploymentState:
    """A deployment's state in our terms; one that is not known yet has not begun."""
    return _DEPLOYED.get(status.casefold(), DeploymentState.PENDING)
