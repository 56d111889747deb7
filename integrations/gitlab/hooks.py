"""The webhooks that call us, of a project or of a group above it: what failed, sending it again, switching them on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from integrations.deliveries import Attempt
from integrations.errors import NotPermitted, NotThere, RateLimited, Rejected, Unexpected
from integrations.gitlab.client import Client

EVENTS: Final = (
    "push_events", "merge_requests_events", "note_events", "pipeline_events", "job_events", "deployment_events",
)  # fmt: skip
"""What a hook has to be subscribed to."""
KEPT_FOR: Final = timedelta(days=7)
_ON: Final = "executable"


@dataclass(frozen=True, slots=True)
class OwnHook:
    """A hook that calls us. `path`: where the API has it. `group`: whose it is, empty where it is the project's own."""

    path: str
    active: bool
    missing_events: tuple[str, ...]
    group: str = ""


def own_hook(client: Client, project: str, is_ours: Callable[[str], bool]) -> OwnHook | None:
    """The project's own hook that calls us. Raises NotPermitted or NotThere where hooks are not shown to us."""
    return next(_ours(client, f"/projects/{project}/hooks", is_ours), None)


def group_hook(client: Client, name: str, is_ours: Callable[[str], bool]) -> tuple[OwnHook | None, bool]:
    """The hook of a group above the project of this name that calls us, and whether all groups show us theirs.

    Groups have hooks from Premium on, and show them to their owners. Where several call us, one that works counts.
    """
    found: list[OwnHook] = []
    all_shown = True
    for group in _above(name):
        try:
            found += _ours(client, f"/groups/{quote(group, safe='')}/hooks", is_ours, group)
        except (NotPermitted, NotThere):
            all_shown = False
    works = (one for one in found if one.active and not one.missing_events)
    return next(works, found[0] if found else None), all_shown


def attempts(client: Client, hook: OwnHook, project: str) -> tuple[Attempt, ...]:
    """The last attempts for a project; none where GitLab does not list them. It tells no times."""
    try:
        rows = list(client.pages(f"{hook.path}/events", most=5))
    except (NotPermitted, NotThere):
        return ()
    found = map(_attempt, rows)
    return tuple(one for one in found if not hook.group or one.repository_id == project)


def send_again(client: Client, hook: OwnHook, lost: Iterable[Attempt]) -> int:
    """Ask for events once more: they come like any other. How many; GitLab allows five a minute, the rest waits."""
    sent = 0
    for attempt in lost:
        try:
            client.write("POST", f"{hook.path}/events/{attempt.id}/resend", {})
        except RateLimited:
            break
        sent += 1
    return sent


def switch_on(client: Client, hook: OwnHook) -> bool:
    """A test that is answered well switches a hook on again. False when it was not."""
    try:
        client.write("POST", f"{hook.path}/test/push_events", {})
    except Rejected:
        return False
    return True


def _ours(client: Client, path: str, is_ours: Callable[[str], bool], group: str = "") -> Iterator[OwnHook]:
    for one in client.pages(path):
        if is_ours(str(one.get("url", ""))):
            missing = tuple(name for name in EVENTS if not one.get(name))
            yield OwnHook(f"{path}/{int(one['id'])}", one.get("alert_status", _ON) == _ON, missing, group)


def _above(name: str) -> Iterator[str]:
    """The paths of the groups that a project of this name stands in, the nearest first."""
    group = name.rpartition("/")[0]
    while group:
        yield group
        group = group.rpartition("/")[0]


def _attempt(row: Any) -> Attempt:
    try:
        status = str(row["response_status"])
        key = str((row.get("request_headers") or {}).get("Idempotency-Key") or row["id"])
        return Attempt(int(row["id"]), key, status.startswith("2"), repository_id=_project_of(row.get("request_data")))
    except (KeyError, TypeError, ValueError) as error:
        raise Unexpected("expected an event of a hook, found something else") from error


def _project_of(body: Any) -> str:
    """Which project an event was about; empty where it names none."""
    told = body if isinstance(body, dict) else {}
    named = told.get("project")
    return str((named.get("id") if isinstance(named, dict) else None) or told.get("project_id") or "")
