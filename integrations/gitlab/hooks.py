"""The webhooks of a project that call us: what failed, sending it again, and hooks that GitLab switched off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from integrations.deliveries import Attempt
from integrations.errors import NotPermitted, NotThere, Rejected, Unexpected
from integrations.gitlab.client import Client

EVENTS: Final = (
    "push_events", "merge_requests_events", "note_events", "pipeline_events", "job_events", "deployment_events",
)  # fmt: skip
"""What a hook has to be subscribed to."""
KEPT_FOR: Final = timedelta(days=7)
_ON: Final = "executable"


@dataclass(frozen=True, slots=True)
class OwnHook:
    """A hook that calls us."""

    id: int
    active: bool
    missing_events: tuple[str, ...]


def own_hook(client: Client, project: str, is_ours: Callable[[str], bool]) -> OwnHook | None:
    """The hook that calls us. Raises NotPermitted or NotThere where hooks are not shown to us."""
    for one in client.pages(f"/projects/{project}/hooks"):
        if is_ours(str(one.get("url", ""))):
            missing = tuple(name for name in EVENTS if not one.get(name))
            return OwnHook(int(one["id"]), one.get("alert_status", _ON) == _ON, missing)
    return None


def attempts(client: Client, project: str, hook: int) -> tuple[Attempt, ...]:
    """The last attempts; none where GitLab does not list them. It tells no times."""
    try:
        rows = list(client.pages(f"/projects/{project}/hooks/{hook}/events", most=5))
    except (NotPermitted, NotThere):
        return ()
    return tuple(map(_attempt, rows))


def send_again(client: Client, project: str, hook: int, attempt: Attempt) -> None:
    """Ask for an event once more: it comes like any other."""
    client.write("POST", f"/projects/{project}/hooks/{hook}/events/{attempt.id}/resend", {})


def switch_on(client: Client, project: str, hook: int) -> bool:
    """A test that is answered well switches a hook on again. False when it was not."""
    try:
        client.write("POST", f"/projects/{project}/hooks/{hook}/test/push_events", {})
    except Rejected:
        return False
    return True


def _attempt(row: Any) -> Attempt:
    try:
        status = str(row["response_status"])
        key = str((row.get("request_headers") or {}).get("Idempotency-Key") or row["id"])
        return Attempt(int(row["id"]), key, status.startswith("2"))
    except (KeyError, TypeError, ValueError) as error:
        raise Unexpected("expected an event of a hook, found something else") from error
