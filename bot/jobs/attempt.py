"""One try at one job, from its claim to its recorded end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from bot.jobs.backoff import Backoff
from bot.jobs.port import ENDLESS, Closing, DeadHook, GiveUp, Handlers, Job, JobTools, Retry, Route
from bot.meter import Meter
from workflows.errors import Conflict, WachbuchError
from workflows.store.jobs import ClaimLost
from workflows.store.rows import JobRow
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

Result = TypeVar("Result")
Take = Callable[[UnitOfWork], JobRow | None]
"""Claims the job that a worker goes on with, in the transaction that ends the one before."""

CONFLICT_TRIES: Final = 4
"""Somebody else was faster: the same try again from the start, three times, without waiting."""
DONE, AGAIN, GIVEN_UP = "done", "again", "given_up"
"""How a try ended, as it is counted."""
HOOK_PAUSE: Final = timedelta(minutes=10)
UNKNOWN: Final = Route(ENDLESS)
"""A kind without a handler is taken only after it waited for days for a process that knows it: it is given up."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Makes tries. Whatever a handler raises ends in another try or in a dead job, never in silence."""

    store: Store
    handlers: Handlers
    backoff: Backoff
    on_dead: DeadHook
    is_stopping: Callable[[], bool]
    meter: Meter = field(default_factory=Meter)

    def make(self, claim: JobRow, now: datetime, take: Take | None = None) -> JobRow | None:
        """Work off one claimed job and record how it ended. Returns what was taken along with a good end.

        Raises `ClaimLost` when another worker has it by now, `Unavailable` when the end could not be recorded.
        """
        job = Job(claim.id, claim.kind, claim.key, claim.dedup, claim.payload, claim.attempts, claim.created_at)
        about = {"case": str(claim.payload["case"])} if "case" in claim.payload else {}
        began, result = time.perf_counter(), "lost"
        try:
            with structlog.contextvars.bound_contextvars(job=job.id, kind=job.kind, **about):
                taken, result = self._make(claim, job, now, take)
                return taken
        finally:
            self.meter.job_tried(job.kind, result, time.perf_counter() - began)

    def _make(self, claim: JobRow, job: Job, now: datetime, take: Take | None) -> tuple[JobRow | None, str]:
        route = self.handlers.routes.get(claim.kind, UNKNOWN)
        if claim.attempts > route.tries:
            self._bury(claim, job, claim.error or "ended with the process each time", now)
            return None, GIVEN_UP
        try:
            return self._work(route, claim, job, now, take), DONE
        except ClaimLost:
            raise
        except GiveUp as error:
            self._bury(claim, job, error.reason, now)
            return None, GIVEN_UP
        except Retry as error:
            wait = self.backoff.after(job.attempts) if error.after is None else self.backoff.at_least(error.after)
            return None, self._try_again(route, claim, job, error.reason, now, wait)
        except Exception as error:
            # The outermost frame of a job: whatever it was is told, tried again, and in the end dead and recorded.
            log.warning("job.failed", attempt=job.attempts, exc_info=error)
            return None, self._try_again(route, claim, job, _reason(error), now, self.backoff.after(job.attempts))

    def end(self, change: Callable[[UnitOfWork], Result]) -> Result:
        """Record an end; a conflict with another writer is tried again."""
        for _ in range(CONFLICT_TRIES - 1):
            try:
                with self.store.transaction() as uow:
                    return change(uow)
            except ClaimLost:
                raise
            except Conflict:
                continue
        with self.store.transaction() as uow:
            return change(uow)

    def _work(self, route: Route, claim: JobRow, job: Job, now: datetime, take: Take | None) -> JobRow | None:
        if route.round:
            pause = route.round(job, JobTools(now, self.is_stopping))
            self.end(lambda uow: _next_round(uow, claim, now + pause))
            return None
        closing = self._effects(route, job, now)

        def close(uow: UnitOfWork) -> JobRow | None:
            if closing is not None:
                closing(uow)
            uow.jobs.finish(claim)
            taken = take(uow) if take else None
            if closing is None and taken is None:
                uow.jobs.relax()
            return taken

        return self.end(close)

    def _effects(self, route: Route, job: Job, now: datetime) -> Closing | None:
        """Call out, where the job does. Returns what is to be written with the job's end."""
        if inbox := route.inbox:
            return lambda uow: inbox(job, uow)
        if route.outbox:
            return route.outbox(job, JobTools(now, self.is_stopping))
        message = f"no handler for {job.kind}"
        raise GiveUp(message)

    def _try_again(self, route: Route, claim: JobRow, job: Job, reason: str, now: datetime, wait: timedelta) -> str:
        if claim.attempts >= route.tries:
            self._bury(claim, job, reason, now)
            return GIVEN_UP
        self.end(lambda uow: uow.jobs.retry(claim, now + wait, reason))
        return AGAIN

    def _bury(self, claim: JobRow, job: Job, reason: str, now: datetime) -> None:
        def bury(uow: UnitOfWork) -> None:
            uow.jobs.bury(claim, reason)
            self.on_dead(uow, job, reason)

        try:
            self.end(bury)
        except WachbuchError:
            raise
        except Exception:
            # Nothing is given up unrecorded: it waits until recording works.
            log.exception("job.dead_hook_failed", job=job.id, kind=job.kind)
            self.end(lambda uow: uow.jobs.retry(claim, now + HOOK_PAUSE, reason))


def _next_round(uow: UnitOfWork, claim: JobRow, at: datetime) -> None:
    uow.jobs.relax()
    uow.jobs.retry(claim, at, "")


def _reason(error: Exception) -> str:
    """Our own errors name codes and ids; the text of any other may hold what it should not."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, WachbuchError) else kind
