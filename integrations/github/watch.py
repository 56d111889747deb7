"""Looks for what is new in a repository, as cheaply as GitHub allows: lists by time, asked for with their ETags.

An unchanged list costs no quota. GitHub dates to the second and its lists can lag, so every look reaches back a little.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

from integrations.answers import PAGE, Answer, moment
from integrations.errors import NotPermitted, NotThere, RateLimited, Rejected, Unexpected
from integrations.github import bodies, deploy_bodies
from integrations.github.client import Client
from integrations.telling.texts import GATE
from workflows.change.seen import BranchPushed, DeploymentSeen, DeploymentStatusSeen, Forge, RequestCore, Update

OVERLAP: Final = timedelta(minutes=1)
MOST_PAGES: Final = 10
"""A thousand of anything in one look. What was further back is found by the looks that follow, or by its request."""
MOST_RUNNING: Final = 10
"""Deployments under way that are asked for one by one."""
_NOTHING: Final = "0" * 40
_PUSHES: Final = frozenset({"push", "force_push", "branch_creation", "pr_merge", "merge_queue_merge"})
_ENDED: Final = frozenset({"success", "failure", "error", "inactive"})


@contextmanager
def _readable(what: str) -> Iterator[None]:
    """An answer of another shape than expected is `Unexpected`."""
    try:
        yield
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        raise Unexpected(f"expected {what} from GitHub: {type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class Reached:
    """A repository that our credentials reach, and the installation through which (None with a token)."""

    repository: bodies.Repository
    installation: int | None = None


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests that changed, newest first. `short`: there were more than one look lists."""

    found: tuple[tuple[int, RequestCore], ...]
    etag: str
    short: bool = False


@dataclass(frozen=True, slots=True)
class Pushes:
    """Branches that were pushed, and the number of the last push seen."""

    updates: tuple[BranchPushed, ...]
    last: int
    etag: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What one list of checks of a commit looked like: digest, whether some still run, and their names."""

    etag: str = ""
    digest: str = ""
    running: bool = False
    names: tuple[str, ...] = ()
    forged: bool = False
    """Somebody else set a status of our name."""


@dataclass(frozen=True, slots=True)
class Deployments:
    """What deployments told, and those that are still under way."""

    updates: tuple[Update, ...]
    running: tuple[str, ...]
    etag: str


def reached(client: Client) -> Iterator[Reached]:
    """Every repository that the App's installations, or the token's owner, can see; archived ones are over."""
    with _readable("repositories"):
        for owner, number in _homes(client):
            if pause := client.pause(owner):
                raise RateLimited(pause)
            try:
                yield from _seen_from(client, owner, number)
            except (NotPermitted, NotThere, Rejected):
                if number is None:
                    raise
                # What this installation saw is not reached any more; the others are.


def _seen_from(client: Client, owner: str, number: int | None) -> Iterator[Reached]:
    path = "/user/repos" if number is None else "/installation/repositories"
    for row in _all(partial(_page, client, owner, path)):
        found = bodies.Repository.model_validate(row)
        if not found.archived:
            yield Reached(found, number)


def _homes(client: Client) -> Iterator[tuple[str, int | None]]:
    """Where to look: with each installation of the App, or just with the token."""
    if not client.is_app:
        yield "", None
        return
    for one in _all(lambda wanted: client.page_as_app("/app/installations", parameters=wanted)):
        if not one.get("suspended_at"):
            owner, number = str(one["account"]["login"]), int(one["id"])
            client.know_installation(owner, number)
            yield owner, number


@_readable("pull requests")
def requests_since(client: Client, repository: str, since: datetime | None, etag: str) -> Requests | None:
    """Requests that changed since; None: nothing did. Without a time: all that are open."""
    first = since is None
    parameters = {"state": "open" if first else "all", "sort": "updated", "direction": "desc", "per_page": PAGE}
    found: list[tuple[int, RequestCore]] = []
    answer = client.get(repository, "/pulls", parameters=parameters, etag="" if first else etag)
    if answer.unchanged:
        return None
    listed = answer
    for _ in range(MOST_PAGES):
        rows = [bodies.PullRequest.model_validate(one) for one in _rows(listed)]
        fresh = [one for one in rows if since is None or one.updated_at >= since - OVERLAP]
        found += [(one.number, one.core()) for one in fresh]
        if len(fresh) < len(rows) or not listed.after:
            return Requests(tuple(found), "" if first else answer.etag)
        listed = client.get(repository, "/pulls", parameters={**parameters, "page": listed.after})
    return Requests(tuple(found), "", short=True)


@_readable("activity")
def pushes_since(client: Client, repository: str, repository_id: str, last: int, etag: str) -> Pushes | None:
    """Pushes after the one of this number; None: none. Names who pushed, which nothing else does without webhooks.

    Servers that do not know this list (before 3.12) answer as if nothing was pushed.
    """
    try:
        answer = client.get(repository, "/activity", parameters={"per_page": PAGE}, etag=etag)
    except NotThere:
        return None
    if answer.unchanged:
        return None
    found: list[Mapping[str, Any]] = []
    listed = answer
    for _ in range(MOST_PAGES):
        rows = _rows(listed)
        fresh = [one for one in rows if int(one["id"]) > last]
        found += fresh
        if len(fresh) < len(rows) or not listed.after or not last:
            break
        listed = client.get(repository, "/activity", parameters={"per_page": PAGE, "after": listed.after})
    updates = tuple(_pushed(one, repository, repository_id) for one in reversed(found) if _is_push(one))
    return Pushes(updates, max([last, *(int(one["id"]) for one in found)]), answer.etag)


@_readable("check runs")
def checks_of(client: Client, repository: str, sha: str, known: Marks) -> Marks:
    """The check runs of a commit, without our own; `known` again where nothing changed."""
    parameters = {"filter": "latest", "per_page": PAGE}
    answer = client.get(repository, f"/commits/{sha}/check-runs", parameters=parameters, etag=known.etag)
    if answer.unchanged:
        return known
    listed: Iterable[Any] = _rows(answer)
    if answer.after:
        listed = client.pages(repository, f"/commits/{sha}/check-runs", key="check_runs", parameters=parameters)
    runs = [one for one in listed if one["name"] != GATE]
    seen = sorted((str(one["id"]), str(one["status"]), str(one["conclusion"])) for one in runs)
    running = any(one["status"] != "completed" for one in runs)
    # The tag of the first page says nothing about the others.
    return Marks("" if answer.after else answer.etag, _digest(seen), running, tuple(str(one["name"]) for one in runs))


@_readable("statuses")
def statuses_of(client: Client, repository: str, sha: str, known: Marks, own: str = "") -> Marks:
    """The statuses of a commit, without our own; `known` again where nothing changed. `own` is our login."""
    answer = client.get(repository, f"/commits/{sha}/status", parameters={"per_page": PAGE}, etag=known.etag)
    if answer.unchanged:
        return known
    listed = [bodies.CombinedStatus.model_validate(one) for one in _rows(answer)]
    others = [one for one in listed if one.context != GATE]
    forged = any(bodies.identity(one.creator).login != own for one in listed if one.context == GATE) if own else False
    seen = sorted((str(one.id), one.context, one.state.value) for one in others)
    running = any(one.state.value == "pending" for one in others)
    return Marks(answer.etag, _digest(seen), running, tuple(one.context for one in others), forged)


@_readable("deployments")
def deployments_since(
    client: Client, repository: str, repository_id: str, since: datetime, running: Collection[str], etag: str
) -> Deployments | None:
    """Deployments that changed since, and how those under way (`running`, by id) stand now; None: nothing changed."""
    answer = client.get(repository, "/deployments", parameters={"per_page": PAGE}, etag="" if running else etag)
    if answer.unchanged:
        return None
    listed = [deploy_bodies.DeploymentPart.model_validate(one) for one in _rows(answer)]
    asked = [one for one in listed if one.changed_at >= since - OVERLAP or str(one.id) in running]
    updates: list[Update] = []
    still: list[int] = []
    for one in asked:
        told, ended = _told(client, repository, repository_id, one)
        updates += told
        still += [] if ended else [one.id]
    newest = tuple(map(str, sorted(still)[-MOST_RUNNING:]))
    return Deployments(tuple(updates), newest, answer.etag)


# parts ------------------------------------------------------------------------------------------------------------


Ask = Callable[[dict[str, Any]], Answer]
"""Asks for one page of a list with these parameters."""


def _all(ask: Ask) -> Iterator[Any]:
    """Every entry of a list, up to the bound."""
    wanted: dict[str, Any] = {"per_page": PAGE}
    for _ in range(MOST_PAGES):
        answer = ask(wanted)
        yield from _rows(answer)
        if not answer.after:
            return
        wanted = {"per_page": PAGE, "page": answer.after}


def _page(client: Client, owner: str, path: str, wanted: dict[str, Any]) -> Answer:
    return client.page_of(owner, path, parameters=wanted)


def _rows(answer: Answer) -> list[Any]:
    """The entries of a page, which is bare or wrapped in an object of one list."""
    body = answer.body
    lists = [one for one in body.values() if isinstance(one, list)] if isinstance(body, dict) else [body]
    if len(lists) != 1 or not isinstance(lists[0], list):
        raise Unexpected(f"expected a list, found {type(body).__name__}")
    found: list[Any] = lists[0]
    return found


def _is_push(one: Mapping[str, Any]) -> bool:
    is_branch = str(one["ref"]).startswith("refs/heads/")
    return is_branch and one["activity_type"] in _PUSHES and one["after"] != _NOTHING


def is_new(client: Client, repository: str, push: BranchPushed) -> bool:
    """Whether a branch that was made brought commits that the default branch does not hold."""
    base = str(client.get(repository, "").body["default_branch"])
    try:
        body = client.get(repository, f"/compare/{base}...{push.sha}").body
    except NotThere:
        return True
    return int(body["ahead_by"]) > 0


def _pushed(one: Mapping[str, Any], repository: str, repository_id: str) -> BranchPushed:
    actor = bodies.Account.model_validate(one["actor"]) if one["actor"] else None
    return BranchPushed(
        forge=Forge.GITHUB,
        repository_id=repository_id,
        sha=one["after"],
        before=None if one["before"] == _NOTHING else one["before"],
        branch=str(one["ref"]).removeprefix("refs/heads/"),
        pusher=bodies.identity(actor),
        forced=one["activity_type"] == "force_push",
        repository=repository,
        at=moment(one["timestamp"]),
    )


def _digest(seen: object) -> str:
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def _told(
    client: Client, repository: str, repository_id: str, deployment: deploy_bodies.DeploymentPart
) -> tuple[list[Update], bool]:
    """The facts of a deployment with all its states, and whether it has ended."""
    place: dict[str, Any] = {"forge": Forge.GITHUB, "repository_id": repository_id, **deployment.parts()}
    rows = _rows(client.get(repository, f"/deployments/{deployment.id}/statuses", parameters={"per_page": PAGE}))
    states = [one for one in map(_state, rows) if one is not None]
    told = [DeploymentStatusSeen(**place, status_id=str(one.id), state=one.state, at=one.created_at) for one in states]
    return [DeploymentSeen(**place), *told], any(one.state.value in _ENDED for one in states)


def _state(row: Any) -> deploy_bodies.DeploymentStatusPart | None:
    """A state that we know; GitHub adds others now and then (`waiting`)."""
    try:
        return deploy_bodies.DeploymentStatusPart.model_validate(row)
    except ValidationError:
        return None
