"""Brings a verdict to GitHub: a check run (App) or a commit status (token), and one comment edited in place.

Writes only what is different from what was written last, which the caller keeps (`Written`, `Commented`). A write that
may or may not have taken effect is followed by a look (`unsure=True`), never by a second one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from integrations.errors import NotThere
from integrations.github.client import Client
from integrations.telling.comment import Commented, keep_comment, ours_among, timeless
from integrations.telling.shown import Kept, shown_as
from integrations.telling.texts import GATE, STATUS_MOST, Told
from workflows.change.result import Verdict

_SUMMARY_MOST: Final = 65_000
_COMMENT_MOST: Final = 65_000
_COMMENT_PAGES: Final = 10
_STATUSES: Final = 100
"""Looked through for ours: other tools write statuses of the same commit."""


class Way(StrEnum):
    """How a verdict is written."""

    CHECK_RUN = "check_run"
    COMMIT_STATUS = "commit_status"


class Shown(StrEnum):
    """What GitHub shows for a verdict. Never neutral or skipped: both count as passed there."""

    SUCCESS = "success"
    PENDING = "pending"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Written(Kept):
    """What stands on a commit by our hand. `number` is that of the check run, 0 for a status."""

    way: Way
    sha: str
    shown: Shown
    content: str
    """Digest of everything that was written."""
    number: int = 0

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """From what was kept."""
        return cls(Way(kept["way"]), kept["sha"], Shown(kept["shown"]), kept["content"], int(kept["number"]))


def shown(verdict: Verdict) -> Shown:
    """What GitHub shows for it."""
    return shown_as(verdict, passed=Shown.SUCCESS, waits=Shown.PENDING, wrong=Shown.FAILURE)


def report(
    client: Client,
    repository: str,
    verdict: Verdict,
    told: Told,
    *,
    way: Way,
    last: Written | None = None,
    details_url: str = "",
    unsure: bool = False,
) -> Written:
    """Let the head of the verdict show it. At most one call, one more when `unsure` of an attempt before.

    Always on the base repository, by the head's sha: that is right for forks as well. Raises errors of this package.
    """
    wanted = _wanted(verdict, told, way, details_url)
    known = last if last is not None and (last.way, last.sha) == (way, verdict.head) else None
    if way is Way.COMMIT_STATUS:
        status = _status(wanted.shown, told, details_url)
        return _report_status(client, repository, wanted, known, status, unsure=unsure)
    if unsure:
        known = _standing(client, repository, wanted) or known
    if known is not None and _is_written(wanted, known):
        return known
    return _write_check(client, repository, wanted, known, _check(wanted, told, details_url))


def _report_status(
    client: Client, repository: str, wanted: Written, known: Written | None, content: Mapping[str, str], *, unsure: bool
) -> Written:
    if not (_stands(client, repository, wanted.sha, content) if unsure else _is_written(wanted, known)):
        client.write(repository, "POST", f"/statuses/{wanted.sha}", content)
    return wanted


def _stands(client: Client, repository: str, sha: str, content: Mapping[str, str]) -> bool:
    """Whether the status that counts is this one and by our hand, after a write of unknown fate."""
    listed = client.get(repository, f"/commits/{sha}/statuses", parameters={"per_page": _STATUSES}).body
    newest = next((one for one in listed if one["context"] == GATE), None)
    if newest is None or any((newest.get(name) or "") != value for name, value in content.items()):
        return False
    return bool((newest.get("creator") or {}).get("login") == client.own_login())


def _is_written(wanted: Written, known: Written | None) -> bool:
    return known is not None and (known.shown, known.content) == (wanted.shown, wanted.content)


def _wanted(verdict: Verdict, told: Told, way: Way, details_url: str) -> Written:
    parts = (told.line,) if way is Way.COMMIT_STATUS else (told.title, timeless(told.summary))
    content = hashlib.sha256("\0".join((details_url, *parts)).encode()).hexdigest()
    return Written(way, verdict.head, shown(verdict), content)


def _status(state: Shown, told: Told, details_url: str) -> dict[str, str]:
    link = {"target_url": details_url} if details_url else {}
    return {"state": state.value, "context": GATE, "description": told.line[:STATUS_MOST], **link}


def _check(wanted: Written, told: Told, details_url: str) -> dict[str, Any]:
    progress = (
        {"status": "in_progress"}
        if wanted.shown is Shown.PENDING
        else {"status": "completed", "conclusion": wanted.shown.value}
    )
    link = {"details_url": details_url} if details_url else {}
    output = {"title": told.title, "summary": told.summary[:_SUMMARY_MOST]}
    return {"name": GATE, "external_id": wanted.content, "output": output, **progress, **link}


def _write_check(
    client: Client, repository: str, wanted: Written, known: Written | None, content: dict[str, Any]
) -> Written:
    """Edit our check run, or make one. A completed one does not start again: it gets a successor."""
    reopened = known is not None and known.shown is not Shown.PENDING and wanted.shown is Shown.PENDING
    if known is not None and known.number and not reopened:
        try:
            client.write(repository, "PATCH", f"/check-runs/{known.number}", content)
        except NotThere:
            pass  # Deleted with its suite: it is made anew below.
        else:
            return _numbered(wanted, known.number)
    made = client.write(repository, "POST", "/check-runs", {**content, "head_sha": wanted.sha})
    return _numbered(wanted, int(made["id"]))


def _numbered(wanted: Written, number: int) -> Written:
    return Written(wanted.way, wanted.sha, wanted.shown, wanted.content, number)


def _standing(client: Client, repository: str, wanted: Written) -> Written | None:
    """What stands there now by our hand, after a write of unknown fate."""
    parameters: dict[str, Any] = {"check_name": GATE, "filter": "latest"}
    if client.app_id is not None:
        parameters["app_id"] = client.app_id
    body = client.get(repository, f"/commits/{wanted.sha}/check-runs", parameters=parameters).body
    runs = sorted(body["check_runs"], key=lambda one: int(one["id"]))
    if not runs:
        return None
    newest = runs[-1]
    state = Shown.PENDING if newest["status"] != "completed" else _concluded(str(newest["conclusion"]))
    return Written(wanted.way, wanted.sha, state, str(newest["external_id"] or ""), int(newest["id"]))


def _concluded(conclusion: str) -> Shown:
    return Shown.SUCCESS if conclusion == Shown.SUCCESS.value else Shown.FAILURE


# comment ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Comments:
    client: Client
    repository: str
    number: int
    most: int = _COMMENT_MOST

    def own(self) -> int | None:
        listed = self.client.pages(self.repository, f"/issues/{self.number}/comments", most=_COMMENT_PAGES)
        return ours_among(listed, "user", "login", self.client.own_login())

    def edit(self, number: int, body: str) -> None:
        self.client.write(self.repository, "PATCH", f"/issues/comments/{number}", {"body": body})

    def make(self, body: str) -> int:
        made = self.client.write(self.repository, "POST", f"/issues/{self.number}/comments", {"body": body})
        return int(made["id"])


def comment(client: Client, repository: str, number: int, told: Told, *, last: Commented | None = None) -> Commented:
    """Our one comment on the request, edited in place."""
    return keep_comment(_Comments(client, repository, number), told, last)
