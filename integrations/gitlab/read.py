"""Reads a merge request completely: one GraphQL call, and one more where somebody approved it.

GitLab keeps approvals, but not what they were given for. The head at that time is found by the versions of the diff:
the last one that stood before the approval. When that was, GitLab's own note tells; where many followed it, the list of
approvals does (since 18.5). Where neither tells it, the approval counts for no commit, and the verdict says so.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from integrations.errors import NotThere, Unexpected
from integrations.gitlab.client import Client
from integrations.gitlab.nodes import (
    PLACE,
    Accounts,
    Approval,
    CommitNode,
    Core,
    JobNode,
    OldCommit,
    Reviewer,
    StatusNode,
    VersionNode,
    approved,
    commit_of,
    listed,
    number_in,
)
from integrations.gitlab.query import PAGE, PARTS, request_query
from integrations.telling.texts import GATE
from workflows.change.seen import CheckRun, Commit, CommitRead, RequestRead, Review, Update, Version, VersionSeen

MOST_CALLS: Final = 10
"""Pages of the longest list; beyond, the reading is marked as truncated."""
_OLD_VERSIONS: Final = 20
"""Earlier versions whose commits are read at once; more make the reading truncated, and the next one goes on."""


@dataclass(frozen=True, slots=True)
class HeadPipeline:
    """The pipeline that decides whether the request can be merged. Of a merged result: its commit is no head."""

    id: int
    ref: str
    sha: str


@dataclass(frozen=True, slots=True)
class RequestReading:
    """What was read. `pipeline` None: there is none in the project itself.

    `gate`: number of the newest status of our name in it, whoever set it.
    """

    request: RequestRead
    commit: CommitRead
    versions: tuple[VersionSeen, ...] = ()
    pipeline: HeadPipeline | None = None
    gate: int | None = None

    @property
    def updates(self) -> tuple[Update, ...]:
        """All of it, to be joined."""
        return (*self.versions, self.request, self.commit)


@dataclass(slots=True)
class _Pages:
    """The lists of one request, as far as they are read."""

    core: Core
    project: str
    path: str
    pipeline: Mapping[str, Any] | None
    items: dict[str, list[Any]] = field(default_factory=dict)
    cursors: dict[str, str | None] = field(default_factory=dict)
    short: bool = False

    @property
    def place(self) -> dict[str, Any]:
        """Where facts belong."""
        return {**PLACE, "repository_id": self.project}

    @property
    def below(self) -> str:
        """The address of the request in REST."""
        return f"/projects/{self.project}/merge_requests/{self.core.iid}"


def read_request(
    client: Client,
    path: str,
    iid: int,
    read_at: datetime,
    *,
    checks: Collection[str] = (),
    known: Collection[str] = (),
    before: Collection[Review] = (),
) -> RequestReading:
    """Everything about a request and its head.

    `checks`: names that the policy asks for; one that is no job of the head pipeline is looked for among the statuses
    of the commit (one more call). `known`: commits that are stored already; `before`: reviews as they were last read.
    Raises the errors of `integrations.errors`; Unexpected when the shape is wrong.
    """
    try:
        pages = _all_pages(client, path, iid)
        return _reading(client, pages, read_at, checks, known, before)
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        raise Unexpected(f"expected a merge request from GitLab: {type(error).__name__}: {error}") from error


# pages ------------------------------------------------------------------------------------------------------------


def _all_pages(client: Client, path: str, iid: int) -> _Pages:
    variables: dict[str, Any] = {"path": path, "iid": str(iid)}
    project, found = _request_in(client.query(request_query(), {**variables, **dict.fromkeys(PARTS)}))
    number = number_in(str(project["id"]))
    pages = _Pages(Core.model_validate(found), number, str(project["fullPath"]), found["headPipeline"])
    _take(pages, found, PARTS)
    for _ in range(MOST_CALLS - 1):
        rest = {part: cursor for part, cursor in pages.cursors.items() if cursor}
        if not rest:
            return pages
        _, found = _request_in(client.query(request_query(tuple(rest), core=False), {**variables, **rest}))
        if found["diffHeadSha"] != pages.core.head:
            break
        _take(pages, found, rest)
    pages.short = True
    return pages


def _request_in(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    project = data.get("project") or {}
    found = project.get("mergeRequest")
    if not isinstance(found, dict):
        raise NotThere("no such merge request")
    return project, found


def _take(pages: _Pages, found: Mapping[str, Any], parts: Collection[str]) -> None:
    for part in parts:
        pipeline = found.get("headPipeline") or {}
        items, cursor = listed(pipeline.get("jobs") if part == "jobs" else found[part])
        pages.items.setdefault(part, []).extend(items)
        pages.cursors[part] = cursor


# facts ------------------------------------------------------------------------------------------------------------


def _reading(
    client: Client,
    pages: _Pages,
    read_at: datetime,
    wanted: Collection[str],
    known: Collection[str],
    before: Collection[Review],
) -> RequestReading:
    nodes = [CommitNode.model_validate(one) for one in reversed(pages.items["commits"])]
    accounts = _accounts(nodes)
    versions: tuple[VersionNode, ...] = ()
    reviewers = [Reviewer.model_validate(one) for one in pages.items["reviewers"]]
    reviews = pages.core.objections(reviewers, before)
    if pages.core.approvers.nodes:
        versions = _versions(client, pages)
        reviews = (*reviews, *_approvals(client, pages, versions, {one.reviewer.id for one in reviews}))
    older = _older(client, pages, versions, {*known, *(one.sha for one in nodes)}, accounts)
    jobs = [JobNode.model_validate(one) for one in pages.items["jobs"]]
    checks = _checks(client, pages, jobs, wanted)
    pipeline = _pipeline(pages)
    request = RequestRead(
        **pages.place,
        number=pages.core.iid,
        repository=pages.path,
        core=pages.core.core(_merge_commit(client, pages)),
        commits=_commits(pages, nodes, accounts, versions),
        reviews=reviews,
        paths=tuple(one.path for one in pages.core.files or ()),
        versions=tuple(Version(sha=sha, diff=diff) for sha, diff in _patches(versions).items()),
        truncated=pages.short,
        pipeline=str(pipeline.id) if pipeline else None,
        read_at=read_at,
    )
    head = CommitRead(**pages.place, sha=pages.core.head, checks=checks, read_at=read_at)
    gates = [job.number for job in jobs if job.is_status and job.name == GATE]
    return RequestReading(request, head, older, pipeline, max(gates, default=None))


def _accounts(nodes: Iterable[CommitNode]) -> Accounts:
    return {one.author_email.casefold(): one.author for one in nodes if one.author and one.author_email}


def _merge_commit(client: Client, pages: _Pages) -> str | None:
    """A squash or a fast-forward makes no merge commit: then the commit that came into the branch."""
    core = pages.core
    if not core.merged or core.merge_commit:
        return core.merge_commit
    found = client.get(pages.below).body
    names = ("merge_commit_sha", "squash_commit_sha", "sha")
    return next((str(found[name]) for name in names if found.get(name)), None)


def _pipeline(pages: _Pages) -> HeadPipeline | None:
    found = pages.pipeline
    if found is None or _of_fork(pages):
        return None
    return HeadPipeline(int(number_in(str(found["id"]))), str(found["ref"] or ""), str(found["sha"]))


def _of_fork(pages: _Pages) -> bool:
    """Whether the pipeline runs in another project, where others decide what it does."""
    project = (pages.pipeline or {}).get("project")
    if project is None:
        return pages.core.fork
    return number_in(str(project["id"])) != pages.project


def _checks(client: Client, pages: _Pages, jobs: Sequence[JobNode], wanted: Collection[str]) -> tuple[CheckRun, ...]:
    pipeline = _pipeline(pages)
    own = [job.check(pipeline.id if pipeline else None) for job in jobs if not job.is_status]
    reported = {job.name for job in jobs if job.is_status}
    missing = set(wanted) - ({one.name for one in own} - reported)
    if not missing:
        return tuple(own)
    known = {one.id for one in own}
    path = f"/projects/{pages.project}/repository/commits/{pages.core.head}/statuses"
    statuses = (StatusNode.model_validate(one).check() for one in client.pages(path, most=MOST_CALLS))
    return (*own, *(one for one in statuses if one.id not in known and one.name != GATE))


# versions and approvals -------------------------------------------------------------------------------------------


def _versions(client: Client, pages: _Pages) -> tuple[VersionNode, ...]:
    """All versions, the newest first. When the newest is another head, the lists have not caught up with a push."""
    listed = client.pages(f"{pages.below}/versions", most=MOST_CALLS)
    found = tuple(VersionNode.model_validate(one) for one in listed)
    if not found or found[0].head != pages.core.head or len(found) >= MOST_CALLS * PAGE:
        pages.short = True
    return found


def _patches(versions: Sequence[VersionNode]) -> Mapping[str, str | None]:
    """The patch of each head. With another target the same head has another one: the newest holds."""
    return {one.head: one.diff for one in reversed(versions)}


def _approvals(
    client: Client, pages: _Pages, versions: Sequence[VersionNode], objecting: Collection[str | None]
) -> tuple[Review, ...]:
    """Each approval with the head that stood there when it was given. Who requests changes does not approve."""
    given = {number_in(one.id): one for one in pages.core.approvers.nodes}
    times = pages.core.approved_at()
    if not times.keys() >= given.keys():
        times = {**_listed_times(client, pages), **times}
    return tuple(
        approved(who.identity(), _head_at(versions, times.get(number)), times.get(number) or pages.core.created_at)
        for number, who in given.items()
        if number not in objecting
    )


def _head_at(versions: Sequence[VersionNode], at: datetime | None) -> str | None:
    """The head when somebody approved, None when it cannot be told, or when it shows something else by now."""
    then = next((one for one in versions if at is not None and one.created_at <= at), None)
    if then is None or (then.head == versions[0].head and not then.shows(versions[0])):
        return None
    return then.head


def _listed_times(client: Client, pages: _Pages) -> Mapping[str, datetime]:
    """When each account approved, by the list of approvals, as far as it tells."""
    body = client.get(f"{pages.below}/approvals").body
    given = [Approval.model_validate(one) for one in body["approved_by"]]
    return {str(one.user.id): one.approved_at for one in given if one.approved_at}


def _older(
    client: Client, pages: _Pages, versions: Sequence[VersionNode], known: Collection[str], accounts: Accounts
) -> tuple[VersionSeen, ...]:
    """The commits of versions that were pushed away: whoever wrote in any of them counts as having contributed."""
    gone = [one for one in versions if one.head not in known]
    if len(gone) > _OLD_VERSIONS:
        pages.short = True
    found = []
    for one in gone[:_OLD_VERSIONS]:
        body = client.get(f"{pages.below}/versions/{one.id}").body
        commits = tuple(commit_of(OldCommit.model_validate(old).node(), accounts) for old in body["commits"])
        version = Version(sha=one.head, diff=one.diff)
        found.append(VersionSeen(**pages.place, number=pages.core.iid, version=version, commits=commits))
    return tuple(found)


def _commits(
    pages: _Pages, nodes: Sequence[CommitNode], accounts: Accounts, versions: Sequence[VersionNode]
) -> tuple[Commit, ...]:
    """Merges after a version with the same patch as the head resolved nothing by hand: they brought nothing in."""
    plain = {str(one["sha"]) for one in pages.items["plain"]}
    order = [one.sha for one in nodes]
    patches = _patches(versions)
    head = patches.get(pages.core.head)
    same = [order.index(sha) for sha, diff in patches.items() if diff and diff == head and sha in order[:-1]]
    # Work that changes nothing has the same patch as what stood before it: the merges begin after the last work.
    begins = (place + 1 for place in same if plain.isdisjoint(order[place + 1 :]))
    after = min(begins, default=len(order))
    return tuple(commit_of(one, accounts, clean_merge=place >= after) for place, one in enumerate(nodes))
