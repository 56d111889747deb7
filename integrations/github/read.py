"""Reads a request completely, as one GraphQL call where its lists fit a page, and compares versions where needed."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from integrations.answers import moment
from integrations.errors import NotThere, Unexpected
from integrations.github.bodies import CombinedStatus
from integrations.github.client import Client
from integrations.github.nodes import (
    CommitNode,
    Context,
    Core,
    File,
    Holder,
    Push,
    ReviewNode,
    actor,
    listed,
    number_in,
)
from integrations.github.query import PARTS, request_query
from workflows.change.seen import (
    CheckRun,
    CommitRead,
    Forge,
    PushSeen,
    RequestRead,
    Review,
    ReviewState,
    Update,
    Version,
)

MOST_CALLS: Final = 31
"""3000 files, the most that GitHub lists, are 30 pages. What is longer than this is marked as truncated."""
_COMPARED_FILES: Final = 300
"""GitHub compares no more files than these; beyond, two versions cannot be called the same."""
_MOST_VERSIONS: Final = 3
_RETARGETED: Final = "BaseRefChangedEvent"
_HUNK: Final = re.compile(r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RequestReading:
    """What was read: facts of the request first, then of its head, then who pushed by force."""

    request: RequestRead
    commit: CommitRead
    pushes: tuple[PushSeen, ...] = ()

    @property
    def updates(self) -> tuple[Update, ...]:
        """All of it, to be joined."""
        return (self.request, self.commit, *self.pushes)


@dataclass(slots=True)
class _Pages:
    """The lists of one request, as far as they are read."""

    core: Core
    repository_id: str
    repository: str
    items: dict[str, list[Any]] = field(default_factory=dict)
    cursors: dict[str, str | None] = field(default_factory=dict)
    short: bool = False


def read_request(
    client: Client,
    repository: str,
    number: int,
    read_at: datetime,
    *,
    carry_over: bool = True,
    known: Mapping[str, str] = MappingProxyType({}),
) -> RequestReading:
    """Everything about a request and its head.

    `carry_over`: where an approval stands on an earlier commit, that commit and the head are compared with the base
    (one more call each). `known` holds the
    digests of those compared before. Raises errors of this package; Unexpected when the shape is wrong.
    """
    try:
        pages = _all_pages(client, repository, number)
        reading = _reading(client, pages, number, read_at)
        if reading.request.retargeted_at:
            known = {}  # computed against another target, perhaps
        wanted = _to_compare(pages, reading.request, known) if carry_over else ()
        return _compared(client, pages, reading, wanted, known) if wanted else reading
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        raise Unexpected(f"expected a pull request from GitHub: {type(error).__name__}: {error}") from error


# pages ------------------------------------------------------------------------------------------------------------


def _all_pages(client: Client, repository: str, number: int) -> _Pages:
    owner, _, name = repository.partition("/")
    variables: dict[str, Any] = {"owner": owner, "name": name, "number": number}
    first = client.query(repository, request_query(), {**variables, **dict.fromkeys(PARTS)})
    found = _request_in(first)
    place = first["repository"]
    pages = _Pages(Core.model_validate(found), str(place["databaseId"]), str(place["nameWithOwner"]))
    _take(pages, found, PARTS)
    for _ in range(MOST_CALLS - 1):
        open_lists = {part: cursor for part, cursor in pages.cursors.items() if cursor}
        if not open_lists:
            return pages
        answer = client.query(repository, request_query(tuple(open_lists), core=False), {**variables, **open_lists})
        found = _request_in(answer)
        if found["headRefOid"] != pages.core.head:
            break
        _take(pages, found, open_lists)
    pages.short = True
    return pages


def _request_in(data: Mapping[str, Any]) -> Mapping[str, Any]:
    found = (data.get("repository") or {}).get("pullRequest")
    if not isinstance(found, dict):
        raise NotThere("no such pull request")
    return found


def _take(pages: _Pages, found: Mapping[str, Any], parts: Collection[str]) -> None:
    for part in parts:
        items, cursor, total = listed(_list_of(part, found, pages))
        known = pages.items.setdefault(part, [])
        known.extend(items)
        pages.cursors[part] = cursor
        # The timeline counts also what the filter leaves out.
        if part != "pushes" and cursor is None and len(known) < total:
            pages.short = True


def _list_of(part: str, found: Mapping[str, Any], pages: _Pages) -> Mapping[str, Any] | None:
    if part == "pushes":
        pushes: Mapping[str, Any] = found["timelineItems"]
        return pushes
    if part != "contexts":
        own: Mapping[str, Any] = found[part]
        return own
    tips = found["tip"]["nodes"]
    if not tips or tips[0]["commit"]["oid"] != pages.core.head:
        pages.short = True
        return None
    rollup = tips[0]["commit"]["statusCheckRollup"]
    return rollup["contexts"] if rollup else None


# facts ------------------------------------------------------------------------------------------------------------


def _reading(client: Client, pages: _Pages, number: int, read_at: datetime) -> RequestReading:
    commits = _commits(pages)
    pushes = [Push.model_validate(one) for one in pages.items["pushes"] if one["__typename"] != _RETARGETED]
    retargeted = _retargeted(pages)
    place: dict[str, Any] = {"forge": Forge.GITHUB, "repository_id": pages.repository_id}
    request = RequestRead(
        **place,
        number=number,
        repository=pages.repository,
        core=pages.core.core(),
        commits=tuple(one.commit() for one in commits),
        reviews=_reviews(pages, retargeted),
        paths=tuple(File.model_validate(one).path for one in pages.items["files"]),
        versions=_versions(pushes),
        retargeted_at=retargeted,
        truncated=pages.short or not all(one.complete for one in commits),
        read_at=read_at,
    )
    head = CommitRead(**place, sha=pages.core.head, checks=_checks(client, pages), read_at=read_at)
    return RequestReading(
        request, head, tuple(_pushed(one, one.after.oid, place, number) for one in pushes if one.after)
    )


def _commits(pages: _Pages) -> list[CommitNode]:
    return [Holder.model_validate(one).commit for one in pages.items["commits"]]


def _retargeted(pages: _Pages) -> datetime | None:
    """When the request last got another target."""
    told = (one["createdAt"] for one in pages.items["pushes"] if one["__typename"] == _RETARGETED)
    return max(map(moment, told), default=None)


def _reviews(pages: _Pages, retargeted: datetime | None) -> tuple[Review, ...]:
    """The reviews. What was approved before a new target was another diff, of the same commit."""
    found = (ReviewNode.model_validate(one).review() for one in pages.items["reviews"])
    return tuple(
        one.model_copy(update={"unsure": True}) if retargeted and one.submitted_at <= retargeted else one
        for one in found
        if one
    )


def _versions(pushes: Sequence[Push]) -> tuple[Version, ...]:
    shas = (one.oid for push in pushes for one in (push.before, push.after) if one)
    return tuple(Version(sha=sha) for sha in dict.fromkeys(shas))


def _pushed(push: Push, after: str, place: Mapping[str, Any], number: int) -> PushSeen:
    """A forced push; what it replaced still counts as written by its authors."""
    before = push.before
    return PushSeen(
        **place,
        number=number,
        before=before.oid if before else None,
        after=after,
        pusher=actor(push.actor),
        commits=(before.commit(),) if before else (),
    )


def _checks(client: Client, pages: _Pages) -> tuple[CheckRun, ...]:
    contexts = [Context.model_validate(one) for one in pages.items["contexts"]]
    numbered = [one for one in contexts if not one.is_status or number_in(one.id)]
    if len(numbered) == len(contexts):
        return tuple(one.check() for one in contexts)
    # Global ids in a form we do not know: REST still gives the statuses with their numbers.
    checks = tuple(one.check() for one in contexts if not one.is_status)
    return (*checks, *_statuses(client, pages))


def _statuses(client: Client, pages: _Pages) -> tuple[CheckRun, ...]:
    found = client.pages(pages.repository, f"/commits/{pages.core.head}/status", key="statuses")
    return tuple(CombinedStatus.model_validate(one).check() for one in found)


# versions ---------------------------------------------------------------------------------------------------------


def _to_compare(pages: _Pages, request: RequestRead, known: Collection[str]) -> tuple[str, ...]:
    """The head and the versions it may be the same as; empty when nothing depends on it.

    Those are earlier commits with an approval, and what stood there before the base was merged in by an approver,
    who would else count as having written in it.
    """
    approvals = [one for one in request.reviews if one.state is ReviewState.APPROVED and one.commit]
    newest = sorted(approvals, key=lambda one: one.submitted_at, reverse=True)
    earlier = [one.commit for one in newest if one.commit and one.commit != request.core.head]
    merged = _before_merges(pages, {one.reviewer.id for one in approvals})
    if not earlier and merged is None:
        return ()
    wanted = dict.fromkeys((request.core.head, *([merged] if merged else []), *earlier))
    return tuple(sha for sha in list(wanted)[:_MOST_VERSIONS] if sha not in known)


def _before_merges(pages: _Pages, approvers: Collection[str | None]) -> str | None:
    """The last commit before the merges at the end, where one of these accounts made such a merge."""
    nodes = _commits(pages)
    work = [place for place, one in enumerate(nodes) if not one.merges]
    if not work or work[-1] == len(nodes) - 1:
        return None
    people = {git.identity().id for one in nodes[work[-1] + 1 :] for git in one.authors.nodes} - {None}
    return nodes[work[-1]].oid if people & set(approvers) else None


def _compared(
    client: Client, pages: _Pages, reading: RequestReading, shas: Sequence[str], known: Mapping[str, str]
) -> RequestReading:
    base = pages.core.base
    versions = tuple(Version(sha=sha, diff=diff_of(client, pages.repository, base, sha)) for sha in shas)
    diffs: dict[str, str | None] = {**known, **{version.sha: version.diff for version in versions}}
    commits = _with_clean_merges(pages, diffs, reading.request)
    changed = {"versions": (*reading.request.versions, *versions), "commits": commits}
    return RequestReading(reading.request.model_copy(update=changed), reading.commit, reading.pushes)


def _with_clean_merges(pages: _Pages, diffs: Mapping[str, str | None], request: RequestRead) -> tuple[Any, ...]:
    """Merges after a version with the same patch as the head resolved nothing by hand: they brought nothing in."""
    head = diffs.get(request.core.head)
    nodes = _commits(pages)
    order = [one.oid for one in nodes]
    same = [order.index(sha) for sha, diff in diffs.items() if diff and diff == head and sha in order[:-1]]
    # Work that changes nothing has the same patch as what stood before it: the merges begin after the last work.
    begins = [place + 1 for place in same if all(one.merges for one in nodes[place + 1 :])]
    if not begins:
        return request.commits
    after = min(begins)
    return tuple(one.commit(clean_merge=place >= after) for place, one in enumerate(nodes))


def diff_of(client: Client, repository: str, base: str, sha: str) -> str | None:
    """SHA-256 of the patch of `sha` against its merge base with `base`; None when GitHub does not show all of it.

    Nor when there is none: after the merge the base contains every version, and all of them would be the same.

    Line numbers are left out, as in `git patch-id`: the same patch at another place is the same patch.
    """
    try:
        body = client.get(repository, f"/compare/{base}...{sha}").body
    except NotThere:
        return None
    files = body["files"]
    if not 0 < len(files) < _COMPARED_FILES:
        return None
    parts = sorted(json.dumps(_patch(one), sort_keys=True) for one in files)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _patch(file: Mapping[str, Any]) -> dict[str, Any]:
    patch = file.get("patch")
    # Binary and very large files come without a patch: then the content itself has to be the same.
    content = _HUNK.sub("@@", patch) if patch is not None else file.get("sha")
    names = {"path": file["filename"], "from": file.get("previous_filename"), "status": file["status"]}
    return {**names, "content": content}
