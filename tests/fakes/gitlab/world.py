"""What the fake GitLab remembers: accounts, projects with commits, requests, pipelines and deployments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

from tests.fakes import history
from tests.fakes.history import History, Host

HIDDEN: Final = "users.noreply.gitlab.example"


class GitLabError(Exception):
    """An answer that is not a success. `message` is what stands under `message` in the body."""

    def __init__(self, status: int, message: Any, *, key: str = "message", **more: Any) -> None:
        super().__init__(str(message))
        self.status = status
        self.body = {key: message, **more}


class Access(IntEnum):
    """Roles in a project."""

    NONE = 0
    GUEST = 10
    REPORTER = 20
    DEVELOPER = 30
    MAINTAINER = 40
    OWNER = 50


@dataclass(frozen=True, slots=True)
class Account:
    """A user; tokens of projects and groups have bot users."""

    id: int
    username: str
    name: str = ""
    email: str = ""
    bot: bool = False
    public_email: str = ""
    access: Access = Access.DEVELOPER
    """The role in every project."""

    @property
    def noreply(self) -> str:
        """The address GitLab uses for hidden e-mails."""
        return f"{self.id}-{self.username}@{HIDDEN}"


Signature = history.Signature[Account]
Commit = history.Commit[Account]


@dataclass(slots=True)
class Version:
    """A head that a request had: a "diff version"."""

    id: int
    head: str
    base: str
    start: str
    at: datetime


@dataclass(slots=True)
class Note:
    """A comment, or a line that GitLab writes itself (`system`)."""

    id: int
    author: Account
    body: str
    at: datetime
    updated: datetime
    system: bool = False


@dataclass(slots=True)
class Approval:
    """An approval as GitLab keeps it: with no commit."""

    user: Account
    at: datetime


@dataclass(slots=True)
class Reviewer:
    """Somebody asked to review, or who did unasked."""

    user: Account
    at: datetime
    state: str = "unreviewed"
    """unreviewed, review_started, reviewed, requested_changes, approved or unapproved."""


@dataclass(slots=True)
class MergeRequest:
    """A merge request. `source` is another project for a fork."""

    id: int
    iid: int
    title: str
    description: str
    author: Account
    source_branch: str
    target_branch: str
    source: "Project"
    target: "Project"
    created: datetime
    updated: datetime
    draft: bool = False
    state: str = "opened"
    squash: bool = False
    head: str = ""
    labels: list[str] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    reviewers: list[Reviewer] = field(default_factory=list)
    threads: dict[int, bool] = field(default_factory=dict)
    """Discussions that can be resolved, by their note: resolved or not."""
    status_checks: dict[int, tuple[str, str, datetime]] = field(default_factory=dict)
    """Answers to external status checks: id to (sha, status, when)."""
    merged_at: datetime | None = None
    merged_by: Account | None = None
    closed_at: datetime | None = None
    merge_commit: str | None = None
    squash_commit: str | None = None
    commit_shas: tuple[str, ...] = ()
    """Frozen at the merge: afterwards the target contains them."""

    @property
    def fork(self) -> bool:
        """Whether it comes from another project."""
        return self.source is not self.target

    @property
    def shown_title(self) -> str:
        """The title; a draft says so in it."""
        return f"Draft: {self.title}" if self.draft else self.title


@dataclass(slots=True)
class Job:
    """A job of a pipeline, or a commit status that somebody posted (`external`)."""

    id: int
    name: str
    stage: str
    status: str
    user: Account
    at: datetime
    allow_failure: bool = False
    external: bool = False
    retried: bool = False
    description: str | None = None
    target_url: str | None = None
    started: datetime | None = None
    finished: datetime | None = None


@dataclass(slots=True)
class Pipeline:
    """A pipeline of a commit."""

    id: int
    iid: int
    sha: str
    ref: str
    source: str
    user: Account
    at: datetime
    updated: datetime
    jobs: list[Job] = field(default_factory=list)
    request: int | None = None
    """The request (iid) that a `merge_request_event` pipeline is for."""
    source_sha: str = ""
    """The head of the request, when the pipeline runs on its merged result."""

    @property
    def latest(self) -> list[Job]:
        """The jobs without those that were run again."""
        return [one for one in self.jobs if not one.retried]

    @property
    def status(self) -> str:
        """What the jobs make together."""
        states = {one.status for one in self.latest if not (one.allow_failure and one.status == "failed")}
        for state in ("failed", "canceled"):
            if state in states and not states & {"running", "pending", "created"}:
                return state
        if states & {"running"} or (states & {"pending", "created"} and states & {"success", "failed"}):
            return "running"
        for state in ("pending", "created", "manual"):
            if state in states:
                return state
        return "skipped" if states == {"skipped"} else "success"


@dataclass(slots=True)
class Deployment:
    """A deployment. `approvals`: (who, approved or rejected, comment, when)."""

    id: int
    iid: int
    sha: str
    ref: str
    environment: str
    user: Account
    at: datetime
    updated: datetime
    status: str
    needs: int = 0
    approvals: list[tuple[Account, str, str, datetime]] = field(default_factory=list)


@dataclass(slots=True)
class Event:
    """A line of a project's activity."""

    id: int
    action: str
    author: Account
    at: datetime
    target: tuple[str, int, int, str] | None = None
    """Kind, id, iid and title."""
    push: dict[str, Any] | None = None


@dataclass(slots=True)
class StatusCheck:
    """An external status check (Ultimate)."""

    id: int
    name: str
    url: str


@dataclass(slots=True)
class Rules:
    """What an administrator set in a project."""

    pipelines_must_succeed: bool = False
    skipped_is_success: bool = False
    threads_must_be_resolved: bool = False
    status_checks_must_pass: bool = False
    reset_approvals_on_push: bool = True
    author_approval: bool = False
    committer_approval: bool = True
    approvals_required: int = 0
    merge_method: str = "merge"
    tier: str = "premium"
    """free, premium or ultimate."""


@dataclass(slots=True)
class Project(History[Account]):
    """A project. `protected`: patterns of branches with whether force pushes are allowed."""

    id: int
    path: str
    visibility: str = "private"
    default_branch: str = "main"
    created: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    forked_from: "Project | None" = None
    rules: Rules = field(default_factory=Rules)
    protected: dict[str, bool] = field(default_factory=dict)
    requests: dict[int, MergeRequest] = field(default_factory=dict)
    pipelines: dict[int, Pipeline] = field(default_factory=dict)
    deployments: dict[int, Deployment] = field(default_factory=dict)
    environments: dict[str, int] = field(default_factory=dict)
    deploy_approvals: dict[str, int] = field(default_factory=dict)
    """Approvals that a protected environment wants."""
    status_checks: dict[int, StatusCheck] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    """As they were told of last; up to number 20 there are others, open since the beginning."""
    members: dict[str, Access] = field(default_factory=dict)
    """Roles other than the usual ones."""
    activity: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def group(self) -> str:
        """The path of the group."""
        return self.path.rpartition("/")[0]

    def role(self, account: Account) -> Access:
        """What somebody is here."""
        return self.members.get(account.username, account.access)

    def request(self, iid: int) -> MergeRequest:
        """A request by its number."""
        if iid not in self.requests:
            raise GitLabError(404, "404 Not found")
        return self.requests[iid]

    def commit(self, ref: str) -> Commit:
        """A commit by branch or (short) sha."""
        sha = self.branches.get(ref, ref)
        found = self.commits.get(sha) or next(
            (one for key, one in self.commits.items() if len(sha) > 6 and key.startswith(sha)), None
        )
        if found is None:
            raise GitLabError(404, "404 Commit Not Found")
        return found

    def newest(self, sha: str) -> list[Pipeline]:
        """The pipelines of a commit, newest first."""
        return [one for one in reversed(self.pipelines.values()) if one.sha == sha]

    def head_pipeline(self, request: MergeRequest) -> Pipeline | None:
        """The pipeline that decides: the newest for the request itself, else the newest of its branch."""
        pipelines = reversed(self.pipelines.values())
        found = [one for one in pipelines if request.head in (one.sha, one.source_sha)]
        own = [one for one in found if one.request == request.iid]
        others = (one for one in found if one.request is None and one.source != "parent_pipeline")
        branch = [one for one in others if one.ref == request.source_branch]
        return next(iter([*own, *branch]), None)

    def commits_of(self, request: MergeRequest) -> list[Commit]:
        """The commits of a request, oldest first."""
        if request.commit_shas:
            return [self.commits[sha] for sha in request.commit_shas]
        return self.between(self.branches[request.target_branch], request.head)


class World(Host[Account]):
    """All accounts and projects."""

    first_id = 2001
    step = 1000

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(clock)
        self.projects: dict[int, Project] = {}
        self.owners: dict[str, set[str]] = {}
        """Owners of groups by path; a group is there when a project stands in it."""
        self.ghost = self.account("ghost", email="ghost@gitlab.example")

    def account(self, login: str, account_id: int = 0, **details: Any) -> Account:
        """An account by username, made on first use; `details` as in `Account`."""
        if login not in self.accounts:
            given = {"name": login.title(), "email": f"{login}@example.org", **details}
            self.accounts[login] = Account(account_id or self.new_id(), login, **given)
        return self.accounts[login]

    def project(self, named_as: str | int) -> Project:
        """A project by number or path."""
        for number, project in self.projects.items():
            if str(named_as) in (str(number), project.path):
                return project
        raise GitLabError(404, "404 Project Not Found")

    def projects_of(self, group: str) -> list[Project]:
        """The projects of a group and of those below it."""
        return [one for one in self.projects.values() if one.path.startswith(f"{group}/")]

    def group_role(self, group: str, account: Account) -> Access:
        """What somebody is in a group: an owner of one above is one here too."""
        if not self.projects_of(group):
            return Access.NONE
        owned = (path for path, owners in self.owners.items() if account.username in owners)
        return Access.OWNER if any(f"{group}/".startswith(f"{path}/") for path in owned) else account.access
