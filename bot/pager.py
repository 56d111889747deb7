"""Has a pager call people: each step of the ladder once, then that somebody looks after it, and that it is over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from bot.chat.texts import paging
from bot.jobs.port import GiveUp, Handlers, Job, JobTools, Retry
from bot.links import StoredLinks
from config.i18n import Translator
from config.settings import PagingFormat, Settings
from integrations.errors import ForgeError, NotPermitted, NotThere, RateLimited, Rejected
from integrations.pager.bodies import Step, Told
from integrations.pager.client import Pager
from workflows.incident.paging_effects import PAGER_ACKNOWLEDGE, PAGER_CALL, PAGER_RESOLVE, UNPAGED
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import is_waiting
from workflows.pointers import PAGER_FAILED
from workflows.registry import read_case
from workflows.service import Service
from workflows.store.rows import JobDraft

log = structlog.get_logger(__name__)

CALLED: Final = "pager.called"
"""Link scope: case id → the pager was called to it, so that it hears how it goes on."""
_PERSISTS: Final = 2
"""From this try on people are told: one failure may be a hiccup."""
_REFUSALS: Final[dict[type[ForgeError], str]] = {
    NotPermitted: "pager_refuses_token",
    NotThere: "pager_not_there",
    Rejected: "pager_refuses_call",
}


@dataclass(frozen=True, slots=True)
class Paging:
    """The handlers of `pager.call`, `pager.acknowledge` and `pager.resolve`."""

    pager: Pager
    service: Service
    translator: Callable[[str], Translator]

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which jobs are ours."""
        handlers.outbox(PAGER_CALL, self.call, judges=False)
        handlers.outbox(PAGER_ACKNOWLEDGE, self.acknowledge, judges=False)
        handlers.outbox(PAGER_RESOLVE, self.resolve, judges=False)

    def call(self, job: Job, _tools: JobTools) -> None:
        """A step of the ladder; nobody is woken when somebody looks after it by now."""
        case = self._case(job)
        if case is not None and is_waiting(case):
            # Noted before: a call whose answer is lost has rung all the same, and must be called off later.
            self._links.put(CALLED, str(case.id), "yes")
            self._tell(job, case, Step.PAGE)

    def acknowledge(self, job: Job, _tools: JobTools) -> None:
        """Somebody looks after it."""
        self._follow(job, Step.ACKNOWLEDGE)

    def resolve(self, job: Job, _tools: JobTools) -> None:
        """It is over."""
        self._follow(job, Step.RESOLVE)

    def _follow(self, job: Job, step: Step) -> None:
        case = self._case(job)
        if case is not None and self._links.get(CALLED, str(case.id)):
            self._tell(job, case, step)

    def _tell(self, job: Job, case: IncidentCase, step: Step) -> None:
        t = self.translator(self.service.policy.language)
        told = Told(step, case.number, case.severity, _text(t, case, step), job.dedup)
        try:
            self.pager.tell(told)
        except RateLimited as error:
            self._failed(job, case, step, "pager_busy")
            raise Retry("pager_busy", timedelta(seconds=error.retry_after)) from error
        except ForgeError as error:
            refused = _REFUSALS.get(type(error))
            reason = refused or "pager_unreachable"
            self._failed(job, case, step, reason, final=refused is not None)
            raise GiveUp(reason) if refused else Retry(reason) from error
        if self._links.get(PAGER_FAILED, "last"):
            self._links.put(PAGER_FAILED, "last", "")

    def _failed(self, job: Job, case: IncidentCase, step: Step, reason: str, *, final: bool = False) -> None:
        log.warning("pager_failed", step=step.value, reason=reason, attempt=job.attempts)
        self._links.put(PAGER_FAILED, "last", reason)
        if step is not Step.PAGE or not (final or job.attempts >= _PERSISTS) or "slack" not in self.service.routes:
            return
        payload: dict[str, str | int] = {"case": str(case.id)}
        mark = f"{UNPAGED}:{case.id}:{job.number('step')}"
        with self.service.store.transaction() as uow:
            uow.jobs.enqueue(JobDraft(UNPAGED, f"{UNPAGED}:{case.id}", mark, payload))

    @property
    def _links(self) -> StoredLinks:
        return StoredLinks(self.service.store)

    def _case(self, job: Job) -> IncidentCase | None:
        with self.service.store.reading() as reads:
            row = reads.case_by_id(UUID(job.text("case")))
        case = read_case(row) if row else None
        return case if isinstance(case, IncidentCase) else None


def pager_of(settings: Settings, seconds: float | None = None) -> Pager | None:
    """The pager that is set, None where none is."""
    if settings.paging_url is None:
        return None
    url = settings.paging_url.get_secret_value()
    token = settings.paging_token.get_secret_value() if settings.paging_token else ""
    kind: PagingFormat = settings.paging_format
    return Pager(url, token, kind) if seconds is None else Pager(url, token, kind, seconds)


def _text(t: Translator, case: IncidentCase, step: Step) -> str:
    match step:
        case Step.PAGE:
            return paging.pager(t, case)
        case Step.ACKNOWLEDGE:
            return paging.pager_acknowledged(t, case)
        case Step.RESOLVE:
            return paging.pager_over(t, case)
