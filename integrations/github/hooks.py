"""The webhooks that call us: what GitHub tried to deliver, sending it again, and hooks that are switched off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from integrations.answers import PAGE, Answer, moment
from integrations.deliveries import Attempt
from integrations.errors import Unexpected
from integrations.github.client import Client

EVENTS: Final = frozenset(
    {"check_run", "check_suite", "deployment", "deployment_status", "pull_request", "pull_request_review", "push",
     "repository", "status"}
)  # fmt: skip
"""What a hook has to be subscribed to."""
KEPT_FOR: Final = timedelta(days=3)
"""GitHub can send a delivery again for so long."""
MOST_PAGES: Final = 5
_SUCCESS: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class OwnHook:
    """A hook of a repository that calls us, by its number."""

    id: int
    active: bool
    events: frozenset[str]


def attempts(client: Client, repository: str, hook: int | None, since: datetime) -> tuple[Attempt, ...]:
    """Attempts since then, newest first: of the App's hook, or of a repository's (`hook`)."""
    wanted: dict[str, Any] = {"per_page": PAGE}
    found: list[Attempt] = []
    for _ in range(MOST_PAGES):
        answer = _page(client, repository, hook, wanted)
        rows = [_attempt(one) for one in _rows(answer)]
        fresh = [one for one in rows if one.at is None or one.at >= since]
        found += fresh
        if len(fresh) < len(rows) or not answer.after:
            break
        wanted = {"per_page": PAGE, "cursor": answer.after}
    return tuple(found)


def send_again(client: Client, repository: str, hook: int | None, attempt: Attempt) -> None:
    """Ask for a delivery once more: it comes like any other."""
    if hook is None:
        client.as_app("POST", f"/app/hook/deliveries/{attempt.id}/attempts")
    else:
        client.write(repository, "POST", f"/hooks/{hook}/deliveries/{attempt.id}/attempts", {})


def own_hook(client: Client, repository: str, is_ours: Callable[[str], bool]) -> OwnHook | None:
    """The hook of a repository that calls us. Raises NotPermitted or NotThere where hooks are not shown to us."""
    for one in client.pages(repository, "/hooks"):
        if is_ours(str((one.get("config") or {}).get("url", ""))):
            return OwnHook(int(one["id"]), bool(one["active"]), frozenset(map(str, one["events"])))
    return None


def switch_on(client: Client, repository: str, hook: int) -> None:
    """Let a hook call us again."""
    client.write(repository, "PATCH", f"/hooks/{hook}", {"active": True})


def _page(client: Client, repository: str, hook: int | None, wanted: dict[str, Any]) -> Answer:
    if hook is None:
        return client.page_as_app("/app/hook/deliveries", parameters=wanted)
    return client.get(repository, f"/hooks/{hook}/deliveries", parameters=wanted)


def _rows(answer: Answer) -> list[Any]:
    if not isinstance(answer.body, list):
        raise Unexpected(f"expected a list of deliveries, found {type(answer.body).__name__}")
    return answer.body


def _attempt(row: Any) -> Attempt:
    try:
        arrived = int(row["status_code"]) in _SUCCESS
        number = str(row.get("repository_id") or "")
        return Attempt(int(row["id"]), str(row["guid"]), arrived, moment(row["delivered_at"]), number)
    except (KeyError, TypeError, ValueError) as error:
        raise Unexpected("expected a delivery, found something else") from error
