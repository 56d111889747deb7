"""The parts of GitHub's webhook bodies that we read, and what they are in our terms. Everything else is left unread."""

import re
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, field_validator

from workflows.change.seen import (
    CheckRun,
    CheckStatus,
    Identity,
    RequestCore,
    RequestState,
    Review,
    ReviewState,
    StatusState,
)
from workflows.record import CommitSha

_NO_COMMIT: Final = "0" * 40
_QUEUED: Final = re.compile(r"/gh-readonly-queue/.+/pr-(?P<number>\d+)-[0-9a-f]+\Z")
_INSIDERS: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_STATUSES: Final = {
    "completed": CheckStatus.COMPLETED,
    "in_progress": CheckStatus.IN_PROGRESS,
}
"""GitHub also knows queued, requested, waiting and pending: all of them have not begun."""


class Part(BaseModel):
    """A part of a body."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Account(Part):
    """A user, a bot, or nobody at all (a deleted account comes as null)."""

    id: int | None = None
    login: str | None = None
    type: str = ""


def identity(account: Account | None) -> Identity:
    """An account in our terms; an unknown one has no key and never resolves."""
    if account is None:
        return Identity()
    login = account.login
    bot = account.type == "Bot" or (login or "").endswith("[bot]")
    if bot and login and not login.endswith("[bot]"):
        login = f"{login}[bot]"
    return Identity(id=str(account.id) if account.id is not None else None, login=login, bot=bot)


class Repository(Part):
    """A repository."""

    id: int
    full_name: str
    default_branch: str = ""
    private: bool = True
    archived: bool = False

    @property
    def number(self) -> str:
        """Its id, as facts carry it."""
        return str(self.id)


class Installation(Part):
    """Where the App is installed."""

    id: int


class FromRepository(Part):
    """What all bodies here have."""

    repository: Repository
    sender: Account | None = None
    installation: Installation | None = None

    @property
    def installation_id(self) -> int | None:
        """The installation, None where the hook is none of an App."""
        return self.installation.id if self.installation else None


class Named(Part):
    """A label."""

    name: str = ""


class HeadRepository(Part):
    """The repository of a head; deleted forks come as null."""

    id: int | None = None


class Ref(Part):
    """One side of a request."""

    ref: str
    sha: CommitSha
    repo: HeadRepository | None = None


class PullRequest(Part):
    """A pull request, as events about it and about its reviews carry it."""

    number: int
    title: str
    body: str | None = None
    state: str
    draft: bool = False
    merged: bool | None = None
    merged_at: AwareDatetime | None = None
    merge_commit_sha: CommitSha | None = None
    updated_at: AwareDatetime
    user: Account | None = None
    labels: tuple[Named, ...] = ()
    head: Ref
    base: Ref

    def core(self) -> RequestCore:
        """The request in our terms. A head whose repository is gone counts as a fork."""
        merged = bool(self.merged or self.merged_at)
        state = RequestState.MERGED if merged else RequestState.OPEN if self.state == "open" else RequestState.CLOSED
        home = self.base.repo.id if self.base.repo else None
        return RequestCore(
            title=self.title,
            body=self.body or "",
            head=self.head.sha,
            base=self.base.ref,
            head_ref=self.head.ref,
            fork=self.head.repo is None or self.head.repo.id != home,
            draft=self.draft,
            state=state,
            merge_commit=self.merge_commit_sha,
            merged_at=self.merged_at,
            author=identity(self.user),
            labels=tuple(label.name for label in self.labels),
            updated_at=self.updated_at,
        )


class WithRequest(FromRepository):
    """`pull_request`, any action."""

    pull_request: PullRequest


class Synchronized(WithRequest):
    """`pull_request` `synchronize`: a new head. Old bodies lack `before` and `after`."""

    before: CommitSha | None = None
    after: CommitSha | None = None

    @field_validator("before", mode="before")
    @classmethod
    def _none_for_zero(cls, value: Any) -> Any:
        return None if value == _NO_COMMIT else value


class ReviewPart(Part):
    """A review."""

    id: int
    user: Account | None = None
    state: ReviewState
    commit_id: CommitSha | None = None
    submitted_at: AwareDatetime
    author_association: str = ""

    @field_validator("state", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    def review(self, *, dismissed: bool) -> Review:
        """The review in our terms."""
        return Review(
            id=str(self.id),
            reviewer=identity(self.user),
            state=ReviewState.DISMISSED if dismissed else self.state,
            commit=self.commit_id,
            submitted_at=self.submitted_at,
            # A member whose membership is private comes as somebody else here: only a reading can deny it.
            writes=True if self.author_association in _INSIDERS else None,
        )


class Reviewed(WithRequest):
    """`pull_request_review`."""

    review: ReviewPart


class PushedCommit(Part):
    """A commit in a push. `distinct`: no branch had it before."""

    distinct: bool = True


class PushedRepository(Repository):
    """The repository in a `push`, with the time of it: seconds since 1970, elsewhere it is written out."""

    pushed_at: AwareDatetime | None = None

    @field_validator("pushed_at", mode="before")
    @classmethod
    def _seconds(cls, value: Any) -> Any:
        return value if isinstance(value, int) else None


class Pushed(FromRepository):
    """`push`: a branch or tag got a new tip."""

    repository: PushedRepository
    ref: str
    before: CommitSha | None = None
    after: CommitSha
    deleted: bool = False
    forced: bool = False
    commits: tuple[PushedCommit, ...] | None = None

    @property
    def fresh(self) -> bool:
        """Whether it brought commits that no branch had before, or does not say."""
        return self.commits is None or any(commit.distinct for commit in self.commits)

    @field_validator("before", mode="before")
    @classmethod
    def _none_for_zero(cls, value: Any) -> Any:
        return None if value == _NO_COMMIT else value

    @property
    def branch(self) -> str | None:
        """The branch; None for a tag, and for a branch that is gone."""
        kind, _, name = self.ref.removeprefix("refs/").partition("/")
        return name if kind == "heads" and not self.deleted and self.after != _NO_COMMIT else None


class App(Part):
    """The app behind a check. Old bodies lack the slug."""

    slug: str = ""


class CheckPart(Part):
    """A check run."""

    id: int
    name: str
    head_sha: CommitSha
    status: str
    conclusion: str | None = None
    started_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    app: App | None = None

    def check(self) -> CheckRun:
        """The check in our terms."""
        return CheckRun(
            name=self.name,
            source=self.app.slug if self.app else "",
            id=str(self.id),
            status=_STATUSES.get(self.status, CheckStatus.QUEUED),
            conclusion=self.conclusion,
            started_at=self.started_at,
            completed_at=self.completed_at,
        )


class Checked(FromRepository):
    """`check_run`."""

    check_run: CheckPart


class SuitePart(Part):
    """A check suite."""

    head_sha: CommitSha


class SuiteAsked(FromRepository):
    """`check_suite` `rerequested`."""

    check_suite: SuitePart


class QueuePart(Part):
    """A group of a merge queue: the commit that the base is to become, on a branch that names the request."""

    head_sha: CommitSha
    head_ref: str

    @property
    def number(self) -> int | None:
        """The request that this group adds to the ones before it."""
        found = _QUEUED.search(self.head_ref)
        return int(found["number"]) if found else None


class Queued(FromRepository):
    """`merge_group`."""

    merge_group: QueuePart


class Stated(FromRepository):
    """`status`. Its sender is its creator."""

    id: int
    sha: CommitSha
    context: str
    state: StatusState
    updated_at: AwareDatetime

    @property
    def creator(self) -> Account:
        """Who set it."""
        return self.sender or Account()


class CombinedStatus(Part):
    """A status in the combined status of a commit, as REST lists it."""

    id: int
    context: str
    state: StatusState
    updated_at: AwareDatetime
    creator: Account | None = None

    def check(self) -> CheckRun:
        """The status in the shape of a check."""
        done = self.state is not StatusState.PENDING
        return CheckRun(
            name=self.context,
            source=(identity(self.creator).login or "").removesuffix("[bot]"),
            id=str(self.id),
            status=CheckStatus.COMPLETED if done else CheckStatus.IN_PROGRESS,
            conclusion=self.state.value if done else None,
            started_at=self.updated_at,
            completed_at=self.updated_at if done else None,
            form="status",
        )
