"""What is stored of the forges' facts, and how updates join it: any order and any repetition gives the same document.

Each part of a document only ever grows in some order (a set, or the greatest of what was told), so joining is
commutative, associative and idempotent. What follows from the parts is computed, not stored.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from workflows.change.deployed import DeploymentFacts, joined
from workflows.change.joining import NEVER, altered, greater, text, union
from workflows.change.pushed import Push, push_of
from workflows.change.seen import (
    BranchPushed,
    CheckRun,
    CheckSeen,
    CheckStatus,
    Commit,
    CommitRead,
    CommitUpdate,
    DeploymentRelated,
    DeploymentSeen,
    DeploymentStatusSeen,
    Fact,
    Forge,
    ModeDecided,
    PushSeen,
    RepositorySeen,
    RepositoryUpdate,
    RepositoryWaiverSeen,
    RequestCore,
    RequestKey,
    RequestRead,
    RequestSeen,
    RequestState,
    RequestUpdate,
    Review,
    ReviewSeen,
    ReviewState,
    StatusSeen,
    Stirred,
    Update,
    Version,
    VersionSeen,
)
from workflows.record import CommitSha, NumericId

_REVIEW_RANK: Final = {state: rank for rank, state in enumerate(ReviewState)}
_CHECK_RANK: Final = {state: rank for rank, state in enumerate(CheckStatus)}
_STATE_RANK: Final = {RequestState.OPEN: 0, RequestState.CLOSED: 1, RequestState.MERGED: 2}


class Heard(Fact):
    """What webhooks told about the request as a whole, with the last time they did."""

    core: RequestCore
    seen_at: datetime


class RequestFacts(Fact):
    """Everything known of a request.

    `heard` holds all different tellings with the latest `updated_at`: forges date to the second, so two of them can
    tie, and then only a new reading settles it. `read` is the last complete reading. `commits`, `versions`, `pushes`
    and `reviews` hold everything ever told, also of heads that were pushed away: whoever wrote in any version counts.
    GitLab keeps no history of opinions: there `reviews` are those of the last reading. `stirred_at` is the last time
    something was told that only a reading tells in full.
    """

    forge: Forge
    repository_id: NumericId
    number: int
    repository: str = ""
    named_at: datetime = NEVER
    heard: tuple[Heard, ...] = ()
    read: RequestRead | None = None
    commits: tuple[Commit, ...] = ()
    versions: tuple[Version, ...] = ()
    pushes: tuple[Push, ...] = ()
    reviews: tuple[Review, ...] = ()
    stirred_at: datetime | None = None

    @property
    def ref(self) -> RequestKey:
        """Which request this is."""
        return RequestKey(self.forge, self.repository_id, self.number)

    @property
    def current(self) -> RequestCore | None:
        """The request as it now stands; None when only parts of it were told."""
        told = max(self.heard, key=_telling, default=None)
        if told is None:
            return self.read.core if self.read else None
        if self.read is None:
            return told.core
        if told.core.updated_at > self.read.core.updated_at:
            return _better_known(told.core, self.read.core)
        return self.read.core

    @property
    def head(self) -> str | None:
        """The commit that is judged."""
        return self.current.head if self.current else None

    @property
    def contested(self) -> bool:
        """Whether webhooks of the same second disagree and no later reading has settled it."""
        if not self.heard:
            return False
        latest = self.heard[0].core.updated_at
        if self.read is None or latest > self.read.core.updated_at:
            return len({_gist(item.core) for item in self.heard}) > 1
        if latest < self.read.core.updated_at:
            return False
        read = self.read
        return any(_gist(item.core) != _gist(read.core) and item.seen_at > read.read_at for item in self.heard)

    @property
    def stirred(self) -> bool:
        """Whether something changed since the last reading that only a reading tells."""
        return self.stirred_at is not None and (self.read is None or self.read.read_at < self.stirred_at)

    @property
    def settled(self) -> bool:
        """Whether the current head was read, be it only as far as lists go."""
        current = self.current
        if self.read is None or current is None or self.contested or self.stirred:
            return False
        return (self.read.core.head, self.read.core.base) == (current.head, current.base)

    @property
    def complete(self) -> bool:
        """Whether the current head was read completely."""
        return self.settled and self.read is not None and not self.read.truncated

    @property
    def read_at(self) -> datetime | None:
        """When the last complete reading was made."""
        return self.read.read_at if self.read else None

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths that the request changes, as last read."""
        return self.read.paths if self.read else ()

    @property
    def patches(self) -> Mapping[str, str | None]:
        """The patch of each head. A head gets another one with another target; only the last reading knows it then."""
        told = {version.sha: version.diff for version in self.versions}
        read = {version.sha: version.diff for version in self.read.versions} if self.read else {}
        if self.read is not None and self.read.retargeted_at is not None:
            return read
        return {**told, **read} if self.forge is Forge.GITLAB else told

    @property
    def pipeline(self) -> str | None:
        """GitLab: the pipeline that decides about the merge, as last read."""
        return self.read.pipeline if self.read else None

    @property
    def change_trailers(self) -> tuple[str, ...]:
        """Change numbers that trailers of the current commits name, in order."""
        listed = self.read.commits if self.read else ()
        return tuple(dict.fromkeys(number for commit in listed for number in commit.changes))


class CommitFacts(Fact):
    """Everything known of a commit: who pushed it, the newest check of each name and source, and its deployments."""

    forge: Forge
    repository_id: NumericId
    sha: CommitSha
    pushes: tuple[Push, ...] = ()
    checks: tuple[CheckRun, ...] = ()
    deployments: tuple[DeploymentFacts, ...] = ()
    read_at: datetime | None = None

    def in_order(self) -> tuple[DeploymentFacts, ...]:
        """The deployments as they were created, the oldest first."""
        return tuple(sorted(self.deployments, key=lambda item: (item.created_at, int(item.id))))


class RepositoryFacts(Fact):
    """What is known of a repository: its name, and the recorded decisions about its gate."""

    forge: Forge
    repository_id: NumericId
    seen: RepositorySeen | None = None
    mode: ModeDecided | None = None
    waivers: tuple[RepositoryWaiverSeen, ...] = ()


Document = RequestFacts | CommitFacts | RepositoryFacts
_SCOPES: Final[Mapping[str, type[Document]]] = {
    "request": RequestFacts,
    "commit": CommitFacts,
    "repository": RepositoryFacts,
}


def blank_for(update: Update) -> Document:
    """The empty document that this update belongs to."""
    place: dict[str, Any] = {"forge": update.forge, "repository_id": update.repository_id}
    if isinstance(update, RequestUpdate):
        return RequestFacts(**place, number=update.number)
    if isinstance(update, CommitUpdate):
        return CommitFacts(**place, sha=update.sha)
    return RepositoryFacts(**place)


def document_type(scope: str) -> type[Document]:
    """The type of the documents of one scope (KeyError: no such scope)."""
    return _SCOPES[scope]


def merge(doc: Document | None, update: Update) -> Document:
    """The document with this update joined. Raises ValueError when it belongs to another document."""
    known = doc or blank_for(update)
    if isinstance(known, RequestFacts) and isinstance(update, RequestUpdate):
        return merge_request(known, update)
    if isinstance(known, CommitFacts) and isinstance(update, CommitUpdate):
        return merge_commit(known, update)
    if isinstance(known, RepositoryFacts) and isinstance(update, RepositoryUpdate):
        return merge_repository(known, update)
    message = f"expected an update of {type(known).__name__}, found {type(update).__name__}"
    raise ValueError(message)


def merge_request(doc: RequestFacts, update: RequestUpdate) -> RequestFacts:
    """The request's facts with one more update."""
    _same_place(doc, update)
    match update:
        case RequestSeen():
            told = Heard(core=update.core, seen_at=update.seen_at)
            heads = (Version(sha=update.core.head),)
            joined = altered(doc, heard=_latest((*doc.heard, told)), versions=_versions(doc, heads))
            return _named(joined, update.repository, update.seen_at)
        case RequestRead():
            return _with_reading(doc, update)
        case ReviewSeen():
            return altered(doc, reviews=_reviews(doc, (update.review,)))
        case VersionSeen():
            joined = altered(doc, versions=_versions(doc, (update.version,)))
            return altered(joined, commits=_commits(doc, update.commits)) if update.commits else joined
        case PushSeen():
            return _with_push(doc, update)
        case Stirred():
            return altered(doc, stirred_at=max(doc.stirred_at or NEVER, update.seen_at))


def merge_commit(doc: CommitFacts, update: CommitUpdate) -> CommitFacts:
    """The commit's facts with one more update."""
    _same_place(doc, update)
    match update:
        case BranchPushed():
            return altered(doc, pushes=union((*doc.pushes, push_of(update)), text, text))
        case CheckSeen():
            return altered(doc, checks=_checks(doc, (update.check,)))
        case StatusSeen():
            return altered(doc, checks=_checks(doc, (update.as_check(),)))
        case CommitRead():
            last = max(doc.read_at or NEVER, update.read_at)
            return altered(doc, checks=_checks(doc, update.checks), read_at=last)
        case DeploymentSeen() | DeploymentStatusSeen() | DeploymentRelated():
            return altered(doc, deployments=joined(doc.deployments, update))


def merge_repository(doc: RepositoryFacts, update: RepositoryUpdate) -> RepositoryFacts:
    """The repository's facts with one more update."""
    _same_place(doc, update)
    match update:
        case RepositorySeen():
            return altered(doc, seen=greater(doc.seen, update, lambda item: (item.seen_at, text(item))))
        case ModeDecided():
            return altered(doc, mode=greater(doc.mode, update, lambda item: (item.decided_at, text(item))))
        case RepositoryWaiverSeen():
            listed = (*doc.waivers, update)
            return altered(doc, waivers=union(listed, lambda item: str(item.waiver_id), _ending))


def _with_reading(doc: RequestFacts, update: RequestRead) -> RequestFacts:
    heads = (Version(sha=update.core.head), *update.versions)
    joined = altered(
        doc,
        read=greater(doc.read, update, lambda item: (item.read_at, text(item))),
        commits=_commits(doc, update.commits),
        reviews=_reviews(doc, update.reviews),
        versions=_versions(doc, heads),
    )
    if doc.forge is Forge.GITLAB and joined.read is not None:
        joined = altered(joined, reviews=joined.read.reviews)
    return _named(joined, update.repository, update.read_at)


def _with_push(doc: RequestFacts, update: PushSeen) -> RequestFacts:
    heads = tuple(Version(sha=sha) for sha in (update.before, update.after) if sha)
    return altered(
        doc,
        pushes=union((*doc.pushes, push_of(update)), text, text),
        versions=_versions(doc, heads),
        commits=_commits(doc, update.commits),
    )


def _named(doc: RequestFacts, name: str, at: datetime) -> RequestFacts:
    """The repository's name as told last; it can be renamed, its id cannot."""
    at, name = max((doc.named_at, doc.repository), (at, name))
    return altered(doc, repository=name, named_at=at)


def _latest(items: Iterable[Heard]) -> tuple[Heard, ...]:
    listed = tuple(items)
    last = max(item.core.updated_at for item in listed)
    tied = (item for item in listed if item.core.updated_at == last)
    return union(tied, lambda item: text(item.core), lambda item: item.seen_at)


def _telling(item: Heard) -> tuple[Any, ...]:
    return (item.core.updated_at, _STATE_RANK[item.core.state], item.core.draft, text(item.core))


def _better_known(told: RequestCore, read: RequestCore) -> RequestCore:
    """GitLab's webhooks name the author by number alone; the reading knows the login as well."""
    same = told.author.login is None and told.author.id is not None and told.author.id == read.author.id
    return altered(told, author=read.author) if same else told


def _gist(core: RequestCore) -> tuple[Any, ...]:
    return (core.head, core.base, core.draft, core.state, core.title, core.body, core.merge_commit)


def _commits(doc: RequestFacts, more: Iterable[Commit]) -> tuple[Commit, ...]:
    # An API reading resolves accounts that a push only names by e-mail; the better telling of a commit holds.
    def telling(commit: Commit) -> tuple[Any, ...]:
        everybody = (*commit.authors, *commit.co_authors, *((commit.committer,) if commit.committer else ()))
        return (commit.clean_merge, sum(person.id is not None for person in everybody), text(commit))

    return union((*doc.commits, *more), lambda item: item.sha, telling)


def _versions(doc: RequestFacts, more: Iterable[Version]) -> tuple[Version, ...]:
    return union((*doc.versions, *more), lambda item: item.sha, lambda item: item.diff or "")


def _reviews(doc: RequestFacts, more: Iterable[Review]) -> tuple[Review, ...]:
    def telling(review: Review) -> tuple[Any, ...]:
        # Who may write, and what the target was then, only a reading knows; it outranks what a webhook supposed.
        writes = (None, True, False).index(review.writes)
        return (_REVIEW_RANK[review.state], review.unsure, writes, text(review))

    return union((*doc.reviews, *more), lambda item: item.id, telling)


def _checks(doc: CommitFacts, more: Iterable[CheckRun]) -> tuple[CheckRun, ...]:
    """The newest run per name, source and pipeline; of two tellings of one run the further one, or the worse."""

    def newest(run: CheckRun) -> tuple[Any, ...]:
        started, completed = run.started_at or NEVER, run.completed_at or NEVER
        return (int(run.id), started, _CHECK_RANK[run.status], completed, run.conclusion != "success", text(run))

    return union((*doc.checks, *more), lambda item: (item.form, item.name, item.source, item.pipeline or ""), newest)


def _same_place(doc: Document, update: Update) -> None:
    expected, found = _place(doc), _place(blank_for(update))
    if expected != found:
        message = f"expected facts of {expected}, found {found}"
        raise ValueError(message)


def _place(doc: Document) -> tuple[str, ...]:
    own = getattr(doc, "number", getattr(doc, "sha", ""))
    return (type(doc).__name__, doc.forge.value, doc.repository_id, str(own))


def _ending(item: RepositoryWaiverSeen) -> tuple[Any, ...]:
    return (item.ended_at or NEVER, text(item))
