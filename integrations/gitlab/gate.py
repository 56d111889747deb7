"""Brings a verdict to GitLab: a commit status in the head pipeline, and one note edited in place.

Writes only what is different from what was written last, which the caller keeps (`Written`, `Commented`). GitLab
refuses the state that a status has already, and a waiting status keeps the words that it began with: so what is missing
stands in the note, and a waiting status says only that.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from integrations.errors import NotThere, Rejected, Unreachable
from integrations.gitlab.client import Client
from integrations.gitlab.read import HeadPipeline
from integrations.telling.comment import Commented, keep_comment, ours_among
from integrations.telling.shown import Kept, shown_as
from integrations.telling.texts import GATE, STATUS_MOST, Told
from workflows.change.result import Verdict

_NOTE_MOST: Final = 900_000
_NOTE_PAGES: Final = 10
_SAME_STATE: Final = "Cannot transition"
_BAD_REQUEST: Final = 400
_CONFLICT: Final = 409


class Shown(StrEnum):
    """What GitLab shows for a verdict. A waiting status keeps the pipeline from succeeding."""

    SUCCESS = "success"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the status belongs: the project, and the head pipeline; without one GitLab makes one for the branch."""

    project: str
    branch: str
    pipeline: HeadPipeline | None = None

    @property
    def number(self) -> int:
        """The pipeline's number, 0 without one."""
        return self.pipeline.id if self.pipeline else 0


@dataclass(frozen=True, slots=True)
class Written(Kept):
    """What stands there by our hand. `pipeline` 0: GitLab chose one."""

    sha: str
    pipeline: int
    shown: Shown
    content: str
    """Digest of everything that was written."""
    number: int = 0

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """From what was kept."""
        return cls(kept["sha"], int(kept["pipeline"]), Shown(kept["shown"]), kept["content"], int(kept["number"]))


def shown(verdict: Verdict) -> Shown:
    """What GitLab shows for it."""
    return shown_as(verdict, passed=Shown.SUCCESS, waits=Shown.PENDING, wrong=Shown.FAILED)


def report(
    client: Client,
    place: Place,
    verdict: Verdict,
    told: Told,
    *,
    last: Written | None = None,
    details_url: str = "",
    unsure: bool = False,
    forged: bool = False,
) -> Written:
    """Let the head of the verdict show it. At most one call; it looks first when `unsure` of an attempt before.

    `forged`: somebody else seems to have set a status of our name after ours. Raises the errors of
    `integrations.errors`.
    """
    wanted = _wanted(place, verdict, told, details_url)
    known = last if last is not None and _same_place(last, wanted) else None
    words = {"state": wanted.shown.value, "description": _line(wanted.shown, told)[:STATUS_MOST]}
    content = {**words, **({"target_url": details_url} if details_url else {})}
    if unsure or forged:
        newest = _newest(client, place, wanted)
        if newest is not None and not newest.ours:
            return _written_over(client, place, wanted, content)
        known = newest.written(wanted) if newest else None
    if known is not None and _stands(known, wanted):
        return known
    made = _post(client, place, wanted, content)
    if made is not None:
        return _as_made(wanted, made)
    newest = _newest(client, place, wanted)
    if newest is None or not newest.ours:
        return _written_over(client, place, wanted, content)
    return replace(wanted, number=newest.number, pipeline=newest.pipeline)


def _as_made(wanted: Written, made: Mapping[str, Any]) -> Written:
    return replace(wanted, number=int(made["id"]), pipeline=int(made["pipeline_id"] or 0))


def _written_over(client: Client, place: Place, wanted: Written, content: Mapping[str, Any]) -> Written:
    """Take the place of somebody else's status.

    One of ours that waits is ended first: GitLab would go on with it, out of sight, instead of setting a new one.
    """
    _post(client, place, wanted, {"state": "canceled"})
    made = _post(client, place, wanted, content)
    if made is None:
        raise Unreachable("expected a new status after the one that was ended")
    return _as_made(wanted, made)


def _same_place(last: Written, wanted: Written) -> bool:
    """Where no pipeline is known yet, the one that GitLab chose will do."""
    return last.sha == wanted.sha and wanted.pipeline in {0, last.pipeline}


def _wanted(place: Place, verdict: Verdict, told: Told, details_url: str) -> Written:
    state, pipeline = shown(verdict), place.pipeline
    content = hashlib.sha256("\0".join((details_url, _line(state, told))).encode()).hexdigest()
    return Written(pipeline.sha if pipeline else verdict.head, pipeline.id if pipeline else 0, state, content)


def _line(state: Shown, told: Told) -> str:
    return told.waiting if state is Shown.PENDING else told.line


def _stands(known: Written, wanted: Written) -> bool:
    """Whether nothing is to be written: a waiting status cannot be written anew."""
    if known.shown is not wanted.shown:
        return False
    return known.shown is Shown.PENDING or known.content == wanted.content


def _post(client: Client, place: Place, wanted: Written, content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Set the status. None: it has that state already.

    A pipeline that is gone meanwhile is not found; then GitLab chooses one.
    """
    path = f"/projects/{place.project}/statuses/{wanted.sha}"
    own = {"name": GATE, **content}
    pipeline = place.pipeline
    try:
        if pipeline is None:
            return _set(client, path, {**own, "ref": place.branch})
        try:
            # Its reference follows from it; that of the webhook can be another (merged results, trains).
            return _set(client, path, {**own, "pipeline_id": pipeline.id})
        except NotThere:
            return _set(client, path, {**own, "ref": place.branch})
    except Rejected as error:
        if error.status == _BAD_REQUEST and _SAME_STATE in error.reason:
            return None
        if error.status == _CONFLICT:
            raise Unreachable("somebody writes to the pipeline at the same time") from error
        raise


def _set(client: Client, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = client.write("POST", path, content)
    return made


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest status of our name, whoever set it."""

    number: int
    pipeline: int
    state: str
    ours: bool

    def written(self, wanted: Written) -> Written | None:
        """As what was written, None when it is none that we write.

        The same state with other words counts as written: what it says is at most one verdict old.
        """
        if self.state not in set(Shown):
            return None
        return replace(wanted, shown=Shown(self.state), number=self.number, pipeline=self.pipeline)


def _newest(client: Client, place: Place, wanted: Written) -> _Newest | None:
    """What stands there now: after a write of unknown fate, or where somebody else may have written."""
    path = f"/projects/{place.project}/repository/commits/{wanted.sha}/statuses"
    parameters: dict[str, Any] = {"name": GATE}
    if wanted.pipeline:
        parameters["pipeline_id"] = wanted.pipeline
    own = client.account().id
    newest = max(client.pages(path, parameters=parameters, most=1), key=lambda one: int(one["id"]), default=None)
    if newest is None:
        return None
    pipeline = int(newest.get("pipeline_id") or wanted.pipeline)
    ours = (newest["author"] or {}).get("id") == own
    return _Newest(int(newest["id"]), pipeline, str(newest["status"]), ours)


# note -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Notes:
    client: Client
    address: str
    most: int = _NOTE_MOST

    def own(self) -> int | None:
        listed = self.client.pages(self.address, parameters={"sort": "asc"}, most=_NOTE_PAGES)
        return ours_among(listed, "author", "id", self.client.account().id)

    def edit(self, number: int, body: str) -> None:
        self.client.write("PUT", f"{self.address}/{number}", {"body": body})

    def make(self, body: str) -> int:
        return int(self.client.write("POST", self.address, {"body": body})["id"])


def note(client: Client, project: str, iid: int, told: Told, *, last: Commented | None = None) -> Commented:
    """Our one note on the request, edited in place."""
    return keep_comment(_Notes(client, f"/projects/{project}/merge_requests/{iid}/notes"), told, last)
