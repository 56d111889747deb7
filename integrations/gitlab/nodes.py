"""What GraphQL and REST answer, and what it is in our terms."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from integrations.gitlab.bodies import JOBS, JOBS_OF_A_FORK, Build, check_of, ending, identity, maybe_utc, state_of, utc
from workflows.change import linking
from workflows.change.seen import (
    CheckRun,
    CheckStatus,
    Commit,
    Forge,
    Identity,
    RequestCore,
    RequestState,
    Review,
    ReviewState,
)
from workflows.record import CommitSha

OBJECTS: Final = "REQUESTED_CHANGES"
APPROVED: Final = "approved this merge request"
"""Beginning of the note that GitLab writes when somebody approves."""
_STATUS: Final = "GenericCommitStatus"
"""Kind of an external status among the jobs of a pipeline."""


def number_in(global_id: str) -> str:
    """The number in a global id such as `gid://gitlab/User/7` (ValueError: there is none)."""
    number = global_id.rpartition("/")[2]
    if not number.isdecimal():
        raise ValueError(f"expected a number in the id {global_id}, found none")
    return number


class Node(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Actor(Node):
    """An account."""

    id: str
    username: str
    bot: bool = False

    def identity(self, email: str | None = None) -> Identity:
        """In our terms."""
        return identity(int(number_in(self.id)), self.username, bot=self.bot, email=email)


class CommitNode(Node):
    """A commit. GitLab finds the author's account by verified addresses, and none for the committer."""

    sha: CommitSha
    message: str = ""
    author_email: str | None = Field(None, alias="authorEmail")
    committer_email: str | None = Field(None, alias="committerEmail")
    author: Actor | None = None


class OldCommit(Node):
    """A commit of an earlier version, as REST lists it: without any account."""

    id: CommitSha
    message: str = ""
    author_email: str | None = None
    committer_email: str | None = None

    def node(self) -> CommitNode:
        """In the other shape."""
        return CommitNode(
            sha=self.id,
            message=self.message,
            authorEmail=self.author_email,
            committerEmail=self.committer_email,
        )


Accounts = Mapping[str, Actor]
"""Verified addresses (without case), and whose they are."""


def commit_of(node: CommitNode, accounts: Accounts, *, clean_merge: bool = False) -> Commit:
    """A commit in our terms. Whose an address is, is told by any commit whose author GitLab knows."""

    def person(email: str | None) -> Identity:
        known = accounts.get((email or "").casefold())
        return known.identity(email) if known else identity(None, None, email=email)

    others = (person(one.email) for one in linking.co_authors(node.message))
    return Commit(
        sha=node.sha,
        authors=(node.author.identity(node.author_email) if node.author else person(node.author_email),),
        co_authors=tuple(others),
        committer=person(node.committer_email) if node.committer_email else None,
        changes=linking.change_trailers(node.message),
        clean_merge=clean_merge,
    )


class Interaction(Node):
    """What a reviewer did."""

    state: str | None = Field(None, alias="reviewState")


class Reviewer(Actor):
    """Somebody who was asked for a review."""

    did: Interaction | None = Field(None, alias="mergeRequestInteraction")

    @property
    def objects(self) -> bool:
        """Whether changes are requested."""
        return self.did is not None and self.did.state == OBJECTS


class Approval(Node):
    """An approval as REST tells it; GitLab before 18.5 does not say when."""

    class Who(Node):
        """Whose."""

        id: int
        username: str

    user: Who
    approved_at: AwareDatetime | None = None


class VersionNode(Node):
    """A version of the diff: a head that the request had, since when, and the id of its patch."""

    id: int
    head: CommitSha = Field(alias="head_commit_sha")
    base: str | None = Field(None, alias="base_commit_sha")
    created_at: AwareDatetime
    patch_id: str | None = Field(None, alias="patch_id_sha")

    @property
    def diff(self) -> str | None:
        """The patch as facts hold it; None where GitLab has not computed it."""
        return hashlib.sha256(self.patch_id.encode()).hexdigest() if self.patch_id else None

    def shows(self, other: "VersionNode") -> bool:
        """Whether somebody who looked at the other saw the same: with another target one head has another patch."""
        if self.diff is not None and other.diff is not None:
            return self.diff == other.diff
        return self.base == other.base


class JobNode(Node):
    """A job or an external status of a pipeline."""

    id: str
    name: str = ""
    status: str
    allow_failure: bool = Field(default=False, alias="allowFailure")
    started_at: AwareDatetime | None = Field(None, alias="startedAt")
    finished_at: AwareDatetime | None = Field(None, alias="finishedAt")

    @property
    def is_status(self) -> bool:
        """Whether somebody outside set it."""
        return f"/{_STATUS}/" in self.id

    @property
    def number(self) -> int:
        """Its number, the same as in REST and webhooks."""
        return int(number_in(self.id))

    def check(self, pipeline: int | None) -> CheckRun:
        """A job in our terms. `pipeline` None: it is a fork's."""
        build = Build(
            id=self.number,
            name=self.name,
            status=self.status,
            allow_failure=self.allow_failure,
            started_at=self.started_at,
            finished_at=self.finished_at,
        )
        return check_of(build, JOBS_OF_A_FORK if pipeline is None else JOBS, pipeline)


class StatusNode(Node):
    """A status of a commit as REST lists it."""

    id: int
    name: str
    status: str
    allow_failure: bool = False
    author: Approval.Who | None = None
    created_at: AwareDatetime
    finished_at: AwareDatetime | None = None

    def check(self) -> CheckRun:
        """In the shape of a check; its source is whoever set it."""
        status, conclusion = ending(self.status, allowed=self.allow_failure)
        done = status is CheckStatus.COMPLETED
        return CheckRun(
            name=self.name,
            source=self.author.username if self.author else "",
            id=str(self.id),
            status=status,
            conclusion=conclusion,
            started_at=utc(self.created_at),
            completed_at=utc(self.finished_at or self.created_at) if done else None,
            form="status",
        )


class Titled(Node):
    """A label."""

    title: str


class Labels(Node):
    """Labels."""

    nodes: tuple[Titled, ...] = ()


class Changed(Node):
    """A changed file."""

    path: str


class Noted(Node):
    """A note: a comment, or a line that GitLab writes itself (`system`)."""

    class Who(Node):
        """Whose."""

        id: str

    system: bool = False
    body: str = ""
    created_at: AwareDatetime = Field(alias="createdAt")
    author: Who | None = None


class Notes(Node):
    """The newest notes, oldest first."""

    nodes: tuple[Noted, ...] = ()


class Approvers(Node):
    """Who approves now."""

    nodes: tuple[Actor, ...] = ()


class Core(Node):
    """A request's own fields."""

    head: CommitSha = Field(alias="diffHeadSha")
    iid: int
    title: str
    body: str | None = Field(None, alias="description")
    state: str
    draft: bool = False
    created_at: AwareDatetime = Field(alias="createdAt")
    updated_at: AwareDatetime = Field(alias="updatedAt")
    merged_at: AwareDatetime | None = Field(None, alias="mergedAt")
    source_branch: str = Field(alias="sourceBranch")
    target_branch: str = Field(alias="targetBranch")
    source_project: int | None = Field(None, alias="sourceProjectId")
    target_project: int = Field(alias="targetProjectId")
    merge_commit: CommitSha | None = Field(None, alias="mergeCommitSha")
    author: Actor | None = None
    labels: Labels = Labels()
    files: tuple[Changed, ...] | None = Field(None, alias="diffStats")
    approvers: Approvers = Field(Approvers(), alias="approvedBy")
    notes: Notes = Notes()

    @property
    def fork(self) -> bool:
        """Whether it comes from another project."""
        return self.source_project != self.target_project

    @property
    def merged(self) -> bool:
        """Whether it was merged."""
        return state_of(self.state) is RequestState.MERGED

    def core(self, merge_commit: str | None) -> RequestCore:
        """In our terms."""
        nobody = identity(None, None)
        return RequestCore(
            title=self.title,
            body=self.body or "",
            head=self.head,
            base=self.target_branch,
            head_ref=self.source_branch,
            fork=self.fork,
            draft=self.draft,
            state=state_of(self.state),
            merge_commit=merge_commit,
            merged_at=maybe_utc(self.merged_at),
            author=self.author.identity() if self.author else nobody,
            labels=tuple(label.title for label in self.labels.nodes),
            updated_at=utc(self.updated_at),
        )

    def approved_at(self) -> Mapping[str, datetime]:
        """When each account approved last, by GitLab's own notes."""
        own = (one for one in self.notes.nodes if one.system and one.author and one.body.startswith(APPROVED))
        return {number_in(one.author.id): one.created_at for one in own if one.author}

    def objections(self, reviewers: Iterable[Reviewer], before: Iterable[Review] = ()) -> tuple[Review, ...]:
        """Reviewers who request changes. Since when is not told: as early as can be, so that it always counts.

        `before`: what was read last. Who is no reviewer any more did not take the objection back: anybody who may
        write can take a reviewer off the list.
        """
        listed = tuple(reviewers)
        heard = {number_in(one.id) for one in (*listed, *self.approvers.nodes)}
        objects = ReviewState.CHANGES_REQUESTED
        return (
            *(one for one in before if one.state is objects and one.reviewer.id not in heard),
            *(
                Review(
                    id=number_in(one.id),
                    reviewer=one.identity(),
                    state=objects,
                    submitted_at=utc(self.created_at),
                    writes=True,
                )
                for one in listed
                if one.objects
            ),
        )


def approved(who: Identity, commit: str | None, at: datetime) -> Review:
    """An approval, bound to a head or to none. Only who may write can approve on GitLab."""
    return Review(
        id=who.id or "0",
        reviewer=who,
        state=ReviewState.APPROVED,
        commit=commit,
        submitted_at=utc(at),
        writes=True,
        unsure=commit is None,
    )


def listed(found: Mapping[str, Any] | None) -> tuple[tuple[Any, ...], str | None]:
    """Items of one page, and the cursor after it (None: it was the last)."""
    if found is None:
        return (), None
    info = found["pageInfo"]
    return tuple(found["nodes"] or ()), info["endCursor"] if info["hasNextPage"] else None


PLACE: Final[Mapping[str, Any]] = {"forge": Forge.GITLAB}
