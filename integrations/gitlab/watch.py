"""Looks for what is new in a project of GitLab: lists by time. Its limits are generous, and a 304 saves nothing."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from pydantic import Field, ValidationError

from integrations.errors import NotThere, Unexpected
from integrations.gitlab.bodies import MaybeCommit, Moment, Part, User, identity, state_of, utc
from integrations.gitlab.client import Client
from integrations.gitlab.deployments import deployment_of
from integrations.telling.texts import GATE
from workflows.change.seen import BranchPushed, DeploymentStatusSeen, Forge, RequestState
from workflows.record import CommitSha

Kind = TypeVar("Kind", bound=Part)
OVERLAP: Final = timedelta(minutes=1)
MOST_PAGES: Final = 10
_RUNNING: Final = frozenset({"created", "waiting_for_resource", "preparing", "pending", "running", "scheduled"})


class Reached(Part):
    """A project that our token reaches."""

    id: int
    path: str = Field(alias="path_with_namespace")
    default_branch: str | None = None
    visibility: str = "private"


class Listed(Part):
    """A merge request in a list."""

    iid: int
    head: CommitSha = Field(alias="sha")
    base: str = Field(alias="target_branch")
    state: str
    updated_at: Moment

    @property
    def told(self) -> RequestState:
        """In our terms."""
        return state_of(self.state)


class _Push(Part):
    ref: str
    ref_type: str = "branch"
    action: str = "pushed"
    before: MaybeCommit = Field(None, alias="commit_from")
    after: MaybeCommit = Field(None, alias="commit_to")


class _Event(Part):
    id: int
    created_at: Moment
    author: User | None = None
    push: _Push | None = Field(None, alias="push_data")


@dataclass(frozen=True, slots=True)
class Marks:
    """What the statuses of a commit looked like: digest, whether some still run, and their names."""

    digest: str
    running: bool
    names: tuple[str, ...]


def reached(client: Client) -> Iterator[Reached]:
    """Every project that the token's owner is a member of; archived ones are over."""
    for one in client.pages("/projects", parameters={"membership": "true", "archived": "false"}):
        yield _read(Reached, one)


def requests_since(client: Client, project: str, since: datetime | None) -> tuple[Listed, ...]:
    """Merge requests that changed since, newest first. Without a time: all that are open."""
    wanted: dict[str, Any] = {"scope": "all", "order_by": "updated_at", "sort": "desc"}
    wanted |= {"state": "opened"} if since is None else {"updated_after": _written(since - OVERLAP)}
    found = client.pages(f"/projects/{project}/merge_requests", parameters=wanted, most=MOST_PAGES)
    return tuple(_read(Listed, one) for one in found)


def pushes_since(
    client: Client, project: str, name: str, last: int, since: datetime
) -> tuple[tuple[BranchPushed, ...], int]:
    """Pushes after the event of this number, oldest first, and the last number. `since` bounds the days asked for."""
    # The filter knows days only, and means: later than that day.
    day = (since - timedelta(days=1)).date().isoformat()
    listed = client.pages(f"/projects/{project}/events", parameters={"action": "pushed", "after": day, "sort": "desc"})
    events = []
    for one in listed:
        event = _read(_Event, one)
        if event.id <= last:
            break
        events.append(event)
    told = (_pushed(one, one.push, project, name) for one in reversed(events) if one.push is not None)
    return tuple(one for one in told if one is not None), max([last, *(one.id for one in events)])


def is_new(client: Client, project: str, base: str, push: BranchPushed) -> bool:
    """Whether a branch that was made brought commits that the default branch does not hold."""
    try:
        body = client.get(f"/projects/{project}/repository/compare", parameters={"from": base, "to": push.sha}).body
    except NotThere:
        return True
    return bool(body["commits"])


def marks_of(client: Client, project: str, sha: str) -> Marks:
    """The statuses of a commit, without our own."""
    rows = list(client.pages(f"/projects/{project}/repository/commits/{sha}/statuses"))
    others = [one for one in rows if one["name"] != GATE]
    seen = sorted((str(one["id"]), str(one["name"]), str(one["status"])) for one in others)
    digest = hashlib.sha256(json.dumps(seen).encode()).hexdigest() if seen else ""
    return Marks(digest, any(one["status"] in _RUNNING for one in others), tuple(str(one["name"]) for one in others))


def deployments_since(client: Client, project: str, since: datetime) -> tuple[DeploymentStatusSeen, ...]:
    """Deployments that reached another state since."""
    wanted = {"order_by": "updated_at", "sort": "desc", "updated_after": _written(since - OVERLAP)}
    found = client.pages(f"/projects/{project}/deployments", parameters=wanted, most=MOST_PAGES)
    return tuple(deployment_of(project, one) for one in found)


def _pushed(event: _Event, push: _Push, project: str, name: str) -> BranchPushed | None:
    if push.after is None or push.ref_type != "branch":
        return None
    who = event.author
    return BranchPushed(
        forge=Forge.GITLAB,
        repository_id=project,
        sha=push.after,
        before=push.before,
        branch=push.ref,
        pusher=identity(who.id, who.username) if who else identity(None, None),
        repository=name,
        at=utc(event.created_at),
    )


def _written(moment: datetime) -> str:
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(kind: type[Kind], row: Any) -> Kind:
    try:
        return kind.model_validate(row)
    except ValidationError as error:
        raise Unexpected(f"expected a {kind.__name__} from GitLab: {error}") from error
