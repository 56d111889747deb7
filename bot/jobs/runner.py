"""The runner: one loop that claims due jobs and keeps the claims, some threads that work them off."""

import math
import os
import queue
import random
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import structlog

from bot.jobs.attempt import Attempts
from bot.jobs.backoff import Backoff
from bot.jobs.outage import Outage
from bot.jobs.port import Clock, DeadHook, Handlers
from bot.jobs.wake import Wake, wake_for
from bot.meter import Meter
from workflows.errors import WachbuchError
from workflows.recognition import forget_over
from workflows.refusals import forget
from workflows.requests import forget as forget_requests
from workflows.store.errors import StoreRefused, Unavailable
from workflows.store.jobs import ClaimLost, Kinds
from workflows.store.rows import JobRow
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

KEEP_DELIVERIES: Final = timedelta(days=30)
KEEP_SETTLED: Final = timedelta(days=90)
UPKEEP_EVERY: Final = timedelta(days=1)
RECORDING_PAUSE_SECONDS: Final = 1.0


def upkeep(uow: UnitOfWork, now: datetime) -> None:
    """Once a day: bodies of old deliveries, settled jobs, marks of refusals, requests and erased persons; ids stay."""
    uow.inbox.clear_before(now - KEEP_DELIVERIES)
    uow.jobs.purge(now - KEEP_SETTLED)
    forget(uow.links, now)
    forget_requests(uow.links, now)
    forget_over(uow, now)


def nothing_closed(_: UnitOfWork) -> frozenset[str]:
    """Every kind that has a handler is taken."""
    return frozenset()


@dataclass(frozen=True, slots=True)
class Pace:
    """Sizes and times of the runner. `lease` counts on PostgreSQL: so long after a worker died its jobs lie still."""

    threads: int = 8
    lease: timedelta = timedelta(seconds=30)
    renew_every: timedelta = timedelta(seconds=10)


class Runner:
    """Works off the jobs of one store until stopped."""

    def __init__(  # noqa: PLR0913 by name, and most have a default
        self,
        store: Store,
        handlers: Handlers,
        *,
        clock: Clock,
        on_dead: DeadHook,
        pace: Pace | None = None,
        upkeep: Callable[[UnitOfWork, datetime], None] = upkeep,
        closed: Callable[[UnitOfWork], frozenset[str]] = nothing_closed,
        chance: Callable[[], float] = random.random,
        meter: Meter | None = None,
    ) -> None:
        """Nothing runs yet. `on_dead` is told in the transaction that gives a job up. `chance` spreads the retries.

        `closed` says, in the transaction that claims, which kinds this process must leave to others now.
        """
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._store = store
        self._clock = clock
        self._pace = pace or Pace()
        self._upkeep = upkeep
        self._handlers = handlers
        self._closed = closed
        self._wake: Wake = wake_for(store)
        self._stopping = threading.Event()
        self._backoff = Backoff(chance)
        self._attempts = Attempts(store, handlers, self._backoff, on_dead, self._stopping.is_set, meter or Meter())
        self._work: queue.SimpleQueue[JobRow | None] = queue.SimpleQueue()
        self._held: dict[int, JobRow] = {}
        self._guard = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._outage = Outage("jobs.database")
        self._next_renewal = 0.0
        self._next_upkeep: datetime | None = None

    # --- life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take up what a dead process left (SQLite), then work. Raises `StoreRefused` unless this is the runner."""
        self.recover()
        names = [f"job-worker-{number}" for number in range(self._pace.threads)]
        self._threads = [threading.Thread(target=self._worker, name=name, daemon=True) for name in names]
        self._threads.append(threading.Thread(target=self._loop, name="job-loop", daemon=True))
        self._wake.start()
        for thread in self._threads:
            thread.start()

    def recover(self) -> int:
        """SQLite: make ready what an earlier process left running; returns how many. PostgreSQL: leases do it."""
        if not self._store.is_runner:
            message = "expected the runner of this database to work off its jobs, found a process beside it"
            raise StoreRefused(message)
        if not self._store.is_sqlite:
            return 0
        with self._store.transaction() as uow:
            return uow.jobs.recover()

    def leave(self) -> None:
        """Take no new jobs; the running ones go on. Does not wait."""
        self._stopping.set()
        self._wake.set()

    def stop(self, patience: timedelta = timedelta(seconds=20)) -> bool:
        """Take no new jobs and let the running ones end. False when some were still running after `patience`.

        Those are not lost: the next start, or another worker when the lease ends, takes them up.
        """
        self.leave()
        until = time.monotonic() + patience.total_seconds()
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._wake.stop()
        return not any(thread.is_alive() for thread in self._threads)

    def drain(self, now: datetime) -> int:
        """Work off, in this thread, all that is due at `now`, and what that leads to. Returns the number of tries."""
        tries = 0
        while claims := self._claim(now, 1):
            self._attempts.make(claims[0], now)
            tries += 1
        return tries

    # --- the loop -----------------------------------------------------------------------------------------------------

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self._turn()
            except Unavailable as error:
                self._outage.begins(str(error))
                self._stopping.wait(RECORDING_PAUSE_SECONDS)
            except Exception:
                # The loop outlives every failure and tells each; the next turn finds the database as it is then.
                log.exception("jobs.loop_failed")
                self._stopping.wait(RECORDING_PAUSE_SECONDS)
            else:
                self._outage.is_over()
                self._wake.wait(pause)
        for _ in range(self._pace.threads):
            self._work.put(None)
        self._keep_until_done()

    def _turn(self) -> float:
        """Renew, claim, hand out. Returns how many seconds the loop may sleep when nothing happens."""
        now = self._clock()
        self._renew()
        self._keep_up(now)
        longest = self._pace.renew_every.total_seconds()
        free = self._pace.threads - len(self._held)
        if free <= 0:
            return longest  # a worker that ends its job wakes the loop
        claims = self._claim(now, free)
        with self._guard:
            self._held.update({claim.id: claim for claim in claims})
        for claim in claims:
            self._work.put(claim)
        return longest if len(claims) == free else min(longest, self._until_due(now))

    def _claim(self, now: datetime, limit: int) -> list[JobRow]:
        with self._store.transaction() as uow:
            return uow.jobs.claim(now, self.owner, limit, self._pace.lease, self._kinds(uow))

    def _kinds(self, uow: UnitOfWork) -> Kinds:
        """What this process takes at this moment."""
        return Kinds(frozenset(self._handlers.routes), self._closed(uow))

    def _until_due(self, now: datetime) -> float:
        with self._store.reading() as reads:
            due = reads.jobs.next_due(now)
        return math.inf if due is None else (due - now).total_seconds()

    def _renew(self) -> None:
        if self._store.is_sqlite or time.monotonic() < self._next_renewal:
            return
        self._next_renewal = time.monotonic() + self._pace.renew_every.total_seconds()
        with self._guard:
            held = list(self._held.values())
        if held:
            with self._store.transaction() as uow:
                uow.jobs.relax()
                lost = uow.jobs.renew(held, self._pace.lease)
            for claim in lost:
                # Most of them are no loss: they ended well since they were listed.
                if self._held.get(claim.id) is claim:
                    log.warning("job.claim_lost", job=claim.id, kind=claim.kind)

    def _keep_up(self, now: datetime) -> None:
        if self._next_upkeep is None or now >= self._next_upkeep:
            self._next_upkeep = now + UPKEEP_EVERY
            self._store.retrying(lambda uow: self._upkeep(uow, now))

    def _keep_until_done(self) -> None:
        """Renew the claims of what is still running on the way down."""
        while self._held:
            try:
                self._renew()
            except WachbuchError as error:
                log.warning("jobs.renewal_failed", error=str(error))
            self._wake.wait(min(1.0, self._pace.renew_every.total_seconds()))

    # --- the workers --------------------------------------------------------------------------------------------------

    def _worker(self) -> None:
        while (claim := self._work.get()) is not None:
            while claim is not None:
                claim = self._work_off(claim)

    def _work_off(self, claim: JobRow) -> JobRow | None:
        """One job. Returns the one to go on with: most jobs lead to another, which need not wait for the loop."""
        following: JobRow | None = None
        try:
            following = self._make(claim)
        finally:
            with self._guard:
                # A claim that was lost may be held anew, by another thread of this process.
                if self._held.get(claim.id) is claim:
                    del self._held[claim.id]
            if following is None:
                self._wake.set()
        return following

    def _take(self, uow: UnitOfWork) -> JobRow | None:
        """Claim with the end of a job what is due: the first for this worker, the rest for those that are free."""
        if self._stopping.is_set():
            return None
        free = max(0, self._pace.threads - len(self._held))
        claims = uow.jobs.claim(self._clock(), self.owner, 1 + free, self._pace.lease, self._kinds(uow))
        uow.after_commit(lambda: self._hand_out(claims))
        return claims[0] if claims else None

    def _hand_out(self, claims: Sequence[JobRow]) -> None:
        with self._guard:
            self._held.update({claim.id: claim for claim in claims})
        for claim in claims[1:]:
            self._work.put(claim)

    def _make(self, claim: JobRow) -> JobRow | None:
        try:
            return self._attempts.make(claim, self._clock(), self._take)
        except ClaimLost as error:
            log.warning("job.claim_lost", job=claim.id, kind=claim.kind, error=str(error))
        except Exception:
            # Its end could not be recorded: the worker lives on and keeps the job until it can.
            log.exception("job.end_not_recorded", job=claim.id, kind=claim.kind)
            self._hand_back(claim)
        return None

    def _hand_back(self, claim: JobRow) -> None:
        """Give the job back once the database answers, unless the process ends before."""

        def retry(uow: UnitOfWork) -> None:
            uow.jobs.retry(claim, self._clock() + self._backoff.after(claim.attempts), "its end could not be recorded")

        while not self._stopping.wait(RECORDING_PAUSE_SECONDS):
            try:
                self._attempts.end(retry)
            except ClaimLost:
                return
            except Exception as error:  # noqa: BLE001 - tried until it works
                log.warning("job.end_not_recorded", job=claim.id, error=type(error).__name__)
            else:
                return
