"""What the fake GitHub remembers: accounts, repositories with commits, requests, checks and deployments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes import history
from tests.fakes.history import File, History, Host, changed_by


class GitHubError(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details


@dataclass(frozen=True, slots=True)
class Account:
    """A user or a bot."""

    id: int
    login: str
    kind: str = "User"
    name: str = ""
    email: str = ""
    outside: bool = False
    """May read and review what is public, and nothing more."""

    @property
    def noreply(self) -> str:
        """The address GitHub uses for hidden e-mails."""
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App that reports checks."""

    id: int
    slug: str


Signature = history.Signature[Account]
Commit = history.Commit[Account]


@dataclass(slots=True)
class Review:
    """A review, bound to the commit it was given on."""

    id: int
    user: Account
    state: str
    commit: str
    body: str
    at: datetime
    updated: datetime


@dataclass(slots=True)
class CheckRun:
    """A check run of an app on a commit."""

    id: int
    name: str
    sha: str
    app: App
    status: str = "queued"
    conclusion: str | None = None
    started: datetime | None = None
    completed: datetime | None = None
    output: dict[str, Any] = field(default_factory=dict)
    external_id: str = ""
    details_url: str = ""


@dataclass(slots=True)
class Status:
    """A commit status."""

    id: int
    sha: str
    state: str
    context: str
    description: str
    target_url: str
    creator: Account
    at: datetime


@dataclass(slots=True)
class Comment:
    """A comment on a request."""

    id: int
    user: Account
    body: str
    at: datetime
    updated: datetime


@dataclass(slots=True)
class ForcePush:
    """A head that was replaced by one that does not contain it."""

    actor: Account
    before: str
    after: str
    at: datetime


@dataclass(slots=True)
class Pull:
    """A pull request."""

    id: int
    number: int
    title: str
    body: str
    author: Account
    head_ref: str
    base_ref: str
    head: str
    base: str
    created: datetime
    updated: datetime
    draft: bool = False
    state: str = "open"
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit: str | None = None
    queued: str | None = None
    """The commit that a merge queue built for it."""
    fork: str = ""
    commit_shas: tuple[str, ...] = ()
    """Frozen at the merge: afterwards the base contains them."""
    labels: list[str] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    force_pushes: list[ForcePush] = field(default_factory=list)
    retargets: list[datetime] = field(default_factory=list)
    threads: list[bool] = field(default_factory=list)
    """Review conversations: resolved or not."""


@dataclass(slots=True)
class Deployment:
    """A deployment with its statuses (state, time)."""

    id: int
    sha: str
    ref: str
    environment: str
    creator: Account
    at: datetime
    statuses: list[tuple[int, str, datetime]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Activity:
    """A push or a merge, as the activity of a repository lists it."""

    id: int
    kind: str
    before: str
    after: str
    ref: str
    actor: Account
    at: datetime


@dataclass(frozen=True, slots=True)
class Protection:
    """Branch protection in the older way: required checks with the app they must come from (None: any)."""

    checks: tuple[tuple[str, int | None], ...]
    admins: bool = True
    """Whether it holds for administrators too."""


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """So many approvals; `dismiss_stale`: a push that changes something ends them."""

    count: int = 1
    dismiss_stale: bool = False


@dataclass(slots=True)
class WaitingRun:
    """A run that waits for the answer of a deployment protection rule. `reports`: words without a decision."""

    id: int
    deployment: int
    environment: str
    state: str = "waiting"
    reports: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Repository(History[Account]):
    """A repository. `required` maps a branch to required checks: (name, app slug or None for any source)."""

    id: int
    owner: str
    name: str
    private: bool = False
    default_branch: str = "main"
    pulls: dict[int, Pull] = field(default_factory=dict)
    checks: dict[int, CheckRun] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    deployments: dict[int, Deployment] = field(default_factory=dict)
    required: dict[str, set[tuple[str, str | None]]] = field(default_factory=dict)
    reviews: dict[str, ReviewRule] = field(default_factory=dict)
    """Reviews that a branch wants."""
    waiting: dict[int, WaitingRun] = field(default_factory=dict)
    """Runs that wait for a deployment protection rule, by their number."""
    enforcement: str = "active"
    """Of the ruleset that requires them: active, evaluate or disabled."""
    bypass: list[dict[str, Any]] = field(default_factory=list)
    """Who may pass that ruleset by."""
    protection: dict[str, Protection] = field(default_factory=dict)
    rules_available: bool = True
    """False: private on a free plan."""
    archived: bool = False
    activity: list[Activity] = field(default_factory=list)
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    """As they were told of last; up to number 20 there are others, open since the beginning."""

    @property
    def full_name(self) -> str:
        """owner/name."""
        return f"{self.owner}/{self.name}"

    def commits_of(self, pull: Pull) -> list[Commit]:
        """The commits of a request, oldest first."""
        if pull.commit_shas:
            return [self.commits[sha] for sha in pull.commit_shas]
        return self.between(self.branches.get(pull.base_ref, pull.base), pull.head)

    def files_of(self, pull: Pull) -> list[File]:
        """The files that a request changes; merges of the base bring none."""
        return changed_by(self.commits_of(pull))

    def pull(self, number: int) -> Pull:
        """A request by number."""
        if number not in self.pulls:
            raise GitHubError(404, "Not Found")
        return self.pulls[number]

    def commit(self, ref: str) -> Commit:
        """A commit by branch or sha."""
        sha = self.branches.get(ref.removeprefix("heads/"), ref)
        if sha not in self.commits:
            raise GitHubError(422, f"No commit found for SHA: {ref}")
        return self.commits[sha]

    def latest_checks(self, sha: str) -> list[CheckRun]:
        """The newest run of each name and app on a commit."""
        newest = {(one.name, one.app.slug): one for one in self.checks.values() if one.sha == sha}
        return list(newest.values())

    def latest_statuses(self, sha: str) -> list[Status]:
        """The newest status of each context on a commit."""
        return list({one.context: one for one in self.statuses if one.sha == sha}.values())

    def unmet(self, pull: Pull) -> list[str]:
        """Why a merge is refused, in GitHub's words: required checks that are not green, reviews that are missing."""
        if self.enforcement != "active" or not self.rules_available:
            return []
        required = sorted(self.required.get(pull.base_ref, ()), key=lambda one: (one[0], one[1] or ""))
        problems = [self._check_problem(pull.head, name, slug) for name, slug in required]
        return [one for one in (*problems, self._review_problem(pull)) if one]

    def unmet_on(self, pull: Pull, sha: str) -> list[str]:
        """Which required checks are missing on a commit that a merge queue built for a request."""
        required = sorted(self.required.get(pull.base_ref, ()), key=lambda one: (one[0], one[1] or ""))
        return [one for name, slug in required if (one := self._check_problem(sha, name, slug))]

    def _check_problem(self, head: str, name: str, slug: str | None) -> str:
        """Only the expected source counts, be it a check run of that app or a status by its bot."""
        runs = [one for one in self.latest_checks(head) if one.name == name and slug in (None, one.app.slug)]
        bots = (None, *(f"{one}[bot]" for one in [slug] if one))
        plain = [one for one in self.latest_statuses(head) if one.context == name]
        plain = [one for one in plain if slug is None or one.creator.login in bots]
        states = [(one.conclusion or one.status) for one in runs] + [one.state for one in plain]
        if not states:
            return f'Required status check "{name}" is expected.'
        fine = set(states) <= {"success", "neutral", "skipped"}
        return "" if fine else f'Required status check "{name}" is {min(states)}.'

    def _review_problem(self, pull: Pull) -> str:
        rule = self.reviews.get(pull.base_ref)
        if rule is None:
            return ""
        said = [one for one in pull.reviews if one.state != "COMMENTED" and not one.user.outside]
        newest = {one.user.login: one.state for one in said}
        if "CHANGES_REQUESTED" in newest.values():
            return "Changes have been requested by reviewers."
        if sum(state == "APPROVED" for state in newest.values()) >= rule.count:
            return ""
        return f"At least {rule.count} approving review is required by reviewers with write access."


class World(Host[Account]):
    """All accounts and repositories."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(clock)
        self.apps: dict[str, App] = {}
        self.repositories: dict[str, Repository] = {}
        self.account("web-flow", account_id=19864447, email="noreply@github.com")

    def account(
        self, login: str, *, account_id: int = 0, email: str = "", name: str = "", outside: bool = False
    ) -> Account:
        """An account by login, made on first use. `…[bot]` is a bot."""
        if login not in self.accounts:
            kind = "Bot" if login.endswith("[bot]") else "User"
            address = email or f"{login.removesuffix('[bot]')}@example.org"
            self.accounts[login] = Account(
                account_id or self.new_id(), login, kind, name or login.title(), address, outside
            )
        return self.accounts[login]

    def app(self, slug: str) -> App:
        """An app by slug, made on first use."""
        if slug not in self.apps:
            self.apps[slug] = App(self.new_id(), slug)
        return self.apps[slug]

    def repository(self, full_name: str) -> Repository:
        """A repository by owner/name."""
        for name, repository in self.repositories.items():
            if name.lower() == full_name.lower():
                return repository
        raise GitHubError(404, "Not Found")
