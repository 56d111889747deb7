"""What GraphQL answers hold, and what it is in our terms.

GitHub's numbers of checks and statuses have outgrown GraphQL's 32-bit integers, and a status has none there at all.
Webhooks and REST carry them, and facts are put in order by them. The global id holds the number: base64 of a small
MessagePack list whose last element it is.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from integrations.github.bodies import Account, identity
from workflows.change import linking
from workflows.change.seen import (
    CheckRun,
    CheckStatus,
    Commit,
    Identity,
    RequestCore,
    RequestState,
    Review,
    ReviewState,
)
from workflows.record import CommitSha

_WIDTHS: Final = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
"""MessagePack's unsigned integers: tag to bytes."""
_FIXED: Final = 0x7F
_STATUSES: Final = {"COMPLETED": CheckStatus.COMPLETED, "IN_PROGRESS": CheckStatus.IN_PROGRESS}


def number_in(node_id: str) -> str | None:
    """The number in a global id such as `SC_kwDO…`; None when it is in another form."""
    _, _, packed = node_id.partition("_")
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if not raw or raw[0] & 0xF0 != 0x90:  # noqa: PLR2004 - a short MessagePack list
        return None
    numbers, rest = [], raw[1:]
    while rest:
        width = _WIDTHS.get(rest[0], 0)
        if not width and rest[0] > _FIXED:
            return None
        value, rest = (rest[1 : 1 + width], rest[1 + width :]) if width else (rest[:1], rest[1:])
        numbers.append(int.from_bytes(value))
    return str(numbers[-1]) if len(numbers) == raw[0] & 0x0F else None


class Node(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Actor(Node):
    """A user or a bot."""

    kind: str = Field("", alias="__typename")
    login: str | None = None
    number: int | None = Field(None, alias="databaseId")

    def identity(self) -> Identity:
        """In our terms: a bot's login gets the `[bot]` back that webhooks show."""
        return identity(Account(id=self.number, login=self.login, type=self.kind))


def actor(found: Actor | None) -> Identity:
    """A deleted account comes as null, and never resolves."""
    return found.identity() if found else Identity()


class Git(Node):
    """Author or committer of a commit, with the account behind the address where there is one."""

    email: str | None = None
    user: Actor | None = None

    def identity(self) -> Identity:
        """In our terms."""
        known = actor(self.user)
        return Identity(id=known.id, login=known.login, email=self.email, bot=known.bot)


class GitList(Node):
    """Authors of a commit, the author first, then the co-authors of its trailers."""

    total: int = Field(alias="totalCount")
    nodes: tuple[Git, ...]


class Counted(Node):
    """A list of which only the number is read."""

    total: int = Field(alias="totalCount")


class CommitNode(Node):
    """A commit."""

    oid: CommitSha
    message: str = ""
    authors: GitList
    committer: Git | None = None
    parents: Counted

    @property
    def merges(self) -> bool:
        """Whether it has several parents."""
        return self.parents.total > 1

    @property
    def complete(self) -> bool:
        """Whether all its authors were read."""
        return len(self.authors.nodes) >= self.authors.total

    def commit(self, *, clean_merge: bool = False) -> Commit:
        """In our terms."""
        people = tuple(one.identity() for one in self.authors.nodes)
        return Commit(
            sha=self.oid,
            authors=people[:1],
            co_authors=people[1:],
            committer=self.committer.identity() if self.committer else None,
            changes=linking.change_trailers(self.message),
            clean_merge=clean_merge,
        )


class Holder(Node):
    """Where lists wrap a commit."""

    commit: CommitNode


class Oid(Node):
    """A commit of which only the id is read."""

    oid: CommitSha


class ReviewNode(Node):
    """A review."""

    id: str
    number: int | None = Field(None, alias="databaseId")
    state: str
    submitted: AwareDatetime | None = Field(None, alias="submittedAt")
    commit: Oid | None = None
    author: Actor | None = None
    writes: bool = Field(alias="authorCanPushToRepository")

    def review(self) -> Review | None:
        """In our terms; None while it is being written."""
        if self.state == "PENDING" or self.submitted is None:
            return None
        return Review(
            id=_number(self.number, self.id),
            reviewer=actor(self.author),
            state=ReviewState(self.state.lower()),
            commit=self.commit.oid if self.commit else None,
            submitted_at=self.submitted,
            writes=self.writes,
        )


class File(Node):
    """A changed file."""

    path: str


class Push(Node):
    """A forced push. The commits can be gone."""

    actor: Actor | None = None
    before: CommitNode | None = Field(None, alias="beforeCommit")
    after: Oid | None = Field(None, alias="afterCommit")


class AppNode(Node):
    """An app."""

    slug: str


class Suite(Node):
    """A check suite."""

    app: AppNode | None = None


class Context(Node):
    """A check run or a status."""

    kind: str = Field(alias="__typename")
    id: str
    number: int | None = Field(None, alias="databaseId")
    name: str = ""
    status: str = ""
    conclusion: str | None = None
    started: AwareDatetime | None = Field(None, alias="startedAt")
    completed: AwareDatetime | None = Field(None, alias="completedAt")
    suite: Suite | None = Field(None, alias="checkSuite")
    context: str = ""
    state: str = ""
    created: AwareDatetime | None = Field(None, alias="createdAt")
    creator: Actor | None = None

    @property
    def is_status(self) -> bool:
        """Whether it is a commit status."""
        return self.kind == "StatusContext"

    def check(self) -> CheckRun:
        """In our terms."""
        return self._as_status() if self.is_status else self._as_check()

    def _as_check(self) -> CheckRun:
        app = self.suite.app if self.suite else None
        return CheckRun(
            name=self.name,
            source=app.slug if app else "",
            id=_number(self.number, self.id),
            status=_STATUSES.get(self.status, CheckStatus.QUEUED),
            conclusion=self.conclusion.lower() if self.conclusion else None,
            started_at=self.started,
            completed_at=self.completed,
        )

    def _as_status(self) -> CheckRun:
        done = self.state not in ("PENDING", "EXPECTED")
        return CheckRun(
            name=self.context,
            source=(actor(self.creator).login or "").removesuffix("[bot]"),
            id=_number(None, self.id),
            status=CheckStatus.COMPLETED if done else CheckStatus.IN_PROGRESS,
            conclusion=self.state.lower() if done else None,
            started_at=self.created,
            completed_at=self.created if done else None,
            form="status",
        )


class LabelNode(Node):
    """A label."""

    name: str


class Labels(Node):
    """Labels."""

    nodes: tuple[LabelNode, ...] = ()


class Core(Node):
    """A request's own fields."""

    head: CommitSha = Field(alias="headRefOid")
    title: str
    body: str = ""
    state: str
    draft: bool = Field(alias="isDraft")
    merged_at: AwareDatetime | None = Field(None, alias="mergedAt")
    updated_at: AwareDatetime = Field(alias="updatedAt")
    base: str = Field(alias="baseRefName")
    head_ref: str = Field(alias="headRefName")
    fork: bool = Field(alias="isCrossRepository")
    merge_commit: Oid | None = Field(None, alias="mergeCommit")
    author: Actor | None = None
    labels: Labels | None = None

    def core(self) -> RequestCore:
        """In our terms."""
        return RequestCore(
            title=self.title,
            body=self.body,
            head=self.head,
            base=self.base,
            head_ref=self.head_ref,
            fork=self.fork,
            draft=self.draft,
            state=RequestState(self.state.lower()),
            merge_commit=self.merge_commit.oid if self.merge_commit else None,
            merged_at=self.merged_at,
            author=actor(self.author),
            labels=tuple(label.name for label in self.labels.nodes) if self.labels else (),
            updated_at=self.updated_at,
        )


def _number(number: int | None, node_id: str) -> str:
    """The number that webhooks and REST show (ValueError: it is nowhere)."""
    found = str(number) if number is not None else number_in(node_id)
    if found is None:
        raise ValueError(f"expected a number in the id {node_id}, found none")
    return found


def listed(found: Mapping[str, Any] | None) -> tuple[tuple[Any, ...], str | None, int]:
    """Items of one page, the cursor after it (None: it was the last), and how many there are in all."""
    if found is None:
        return (), None, 0
    info = found["pageInfo"]
    cursor = info["endCursor"] if info["hasNextPage"] else None
    return tuple(found["nodes"] or ()), cursor, int(found["totalCount"])
