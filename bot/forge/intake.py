"""Works off the inbox: a delivery becomes facts and marks requests, in one transaction with the end of its job."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from bot.forge.alerts import alert_job
from bot.forge.held import Held, hold
from bot.forge.ignoring import ignore
from bot.forge.issues import intake as issue_intake
from bot.forge.marks import names
from bot.forge.queue_github import queued
from bot.jobs.port import Job
from bot.meter import Meter
from integrations.github.protection import run_of
from integrations.github.webhook import Asked, Facts, Parsed, ProtectionAsked, Queued, delivery_of, parse, payload_of
from integrations.parsing import Ignored, Incomplete
from workflows.change.facts import RequestFacts
from workflows.change.seen import Forge, RequestKey
from workflows.factbook import Mark, absorb, enqueue
from workflows.incident.alerts import Alert
from workflows.incident.issues import IssueTold
from workflows.store.rows import InboxId, InboxRow, InboxState, JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

Understand = Callable[[UnitOfWork, InboxRow], str | Ignored]
"""Takes a delivery in; returns a short note, or what was ignored."""
INSTALLATIONS: Final = "github.installation"
"""Link scope: repository id → installation id of the App there."""
AGAIN: Final = "again"
"""In the payload of a report: write it even if the same was written before."""
AGAINST_FORGERY: Final = "against_forgery"
"""In the payload of a report: only where somebody else's status can take the place of ours."""
_CALM: Final = timedelta(minutes=1)
"""Two that fight for one status would fill GitHub's limit of statuses: after the first answer one more at the end."""


def remember_name(uow: UnitOfWork, forge: Forge, name: str, repository_id: str) -> None:
    """Keep which id a repository's name means now."""
    if name and uow.links.get(names(forge), name) != repository_id:
        uow.links.put(names(forge), name, repository_id)


@dataclass(frozen=True, slots=True)
class Intake:
    """The handler of `inbox.process`. `understand` has one entry per source. `meter` is told what was ignored."""

    understand: Mapping[str, Understand]
    meter: Meter

    def __call__(self, job: Job, uow: UnitOfWork) -> None:
        """Take one delivery in. One that cannot be understood is kept and marked, and can be replayed."""
        row = uow.inbox.get(InboxId(job.number("inbox")))
        if row is None or row.body is None or row.state is not InboxState.RECEIVED:
            return
        handler = self.understand.get(row.source)
        note = handler(uow, row) if handler else ""
        state = InboxState.DONE if note and isinstance(note, str) else InboxState.IGNORED
        uow.inbox.mark(row.id, state, note if isinstance(note, str) else ignore(note, row, self.meter))


@dataclass(frozen=True, slots=True)
class GitHubIntake:
    """Understands deliveries of GitHub. `own` gives our App's slug or our login: what we wrote ourselves is no news."""

    own: Callable[[], str]
    api: str = ""
    """Our GitHub: what waits elsewhere is none of our business."""

    def __call__(self, uow: UnitOfWork, row: InboxRow) -> str | Ignored:
        """Store what it tells and mark the requests concerned."""
        found = self._read(row)
        match found:
            case Ignored():
                return found
            case Incomplete():
                log.info("delivery_incomplete", forge="github", gh_event=found.event, missing=found.missing)
                return "incomplete"
            case Facts():
                return self._facts(uow, found)
            case IssueTold():
                return issue_intake(uow, row, found)
            case _:
                return self._beside(uow, found, row)

    def _beside(self, uow: UnitOfWork, found: Queued | Alert | ProtectionAsked | Asked, row: InboxRow) -> str:
        """What is no fact about a request or commit."""
        match found:
            case Alert():
                uow.jobs.enqueue(alert_job(row, found))
                return "alert"
            case Queued():
                self._remember(uow, found)
                return queued(uow, found)
            case ProtectionAsked():
                return self._held(uow, found, row)
            case Asked():
                return self._asked(uow, found, row)

    def alerts(self, row: InboxRow) -> tuple[Alert, ...]:
        """The warning that a delivery tells of, if any."""
        found = self._read(row)
        return (found,) if isinstance(found, Alert) else ()

    def issue(self, row: InboxRow) -> IssueTold | None:
        """The issue that a delivery tells of, if any."""
        found = self._read(row)
        return found if isinstance(found, IssueTold) else None

    def _read(self, row: InboxRow) -> Parsed:
        event, _, _ = delivery_of(row.headers)
        payload = payload_of(row.body or b"", row.headers.get("content-type", ""))
        return parse(event, payload or {}, row.received_at, own=self.own())

    def _facts(self, uow: UnitOfWork, found: Facts) -> str:
        self._remember(uow, found)
        for mark in absorb(uow, found.updates):
            enqueue(uow, mark)
        return "facts"

    def _asked(self, uow: UnitOfWork, found: Asked, row: InboxRow) -> str:
        self._remember(uow, found)
        place = f"{Forge.GITHUB.value}:{found.repository_id}"
        told = [one for one in uow.facts.by_head(place, found.sha) if one.scope == "request"]
        requests = [RequestFacts.model_validate_json(one.doc).ref for one in told]
        for request in requests if not found.forged else ():
            enqueue(uow, Mark(request, f"asked{row.id}"))
        if requests and self.own():
            if found.forged:
                uow.jobs.enqueue_all(against_forgery(requests[0], found.sha, row.received_at))
            else:
                place, payload = _again(requests[0], found.sha)
                uow.jobs.enqueue(JobDraft("github.report", place, f"{place}:asked{row.id}", payload))
        return "asked"

    def _held(self, uow: UnitOfWork, found: ProtectionAsked, row: InboxRow) -> str:
        run = run_of(found.callback, self.api, found.repository)
        if run is None:
            log.warning("foreign_callback", forge="github", repository=found.repository_id)
            return "foreign_callback"
        self._remember(uow, found)
        waiting = Held(
            forge=Forge.GITHUB, repository_id=found.repository_id, repository=found.repository,
            environment=found.environment, sha=found.sha, number=run, asked_at=row.received_at,
        )  # fmt: skip
        hold(uow, waiting)
        return "held"

    def _remember(self, uow: UnitOfWork, found: Facts | Asked | ProtectionAsked | Queued) -> None:
        remember_name(uow, Forge.GITHUB, found.repository, found.repository_id)
        installation = str(found.installation_id or "")
        if installation and uow.links.get(INSTALLATIONS, found.repository_id) != installation:
            uow.links.put(INSTALLATIONS, found.repository_id, installation)


def against_forgery(request: RequestKey, sha: str, at: datetime) -> tuple[JobDraft, ...]:
    """Write the verdict once more where somebody else's status took its place, and again at the end of the minute."""
    place, payload = _again(request, sha)
    payload[AGAINST_FORGERY] = 1
    slot = int(at.timestamp() // _CALM.total_seconds())
    end = datetime.fromtimestamp((slot + 1) * _CALM.total_seconds(), UTC)
    mark = f"{place}:forged{slot}"
    return (
        JobDraft("github.report", place, mark, payload),
        JobDraft("github.report", "", f"{mark}:end", payload, run_at=end),
    )


def _again(request: RequestKey, sha: str) -> tuple[str, dict[str, str | int]]:
    """Place and payload of a job that writes the verdict on a commit once more."""
    payload: dict[str, str | int] = {
        "forge": request.forge.value,
        "repository": request.repository_id,
        "number": request.number,
        "head": sha,
        AGAIN: 1,
    }
    return f"report:{request.forge.value}:{request.repository_id}:{sha}", payload
