"""What handlers of jobs see: the job, how to ask for another try, and the two kinds of handler there are.

Another engine can stand behind this module: it has to keep these promises and to pass tests/contracts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from workflows.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Job:
    """One try at one job. `attempts` counts from 1.

    When `is_repeat`, an earlier try may have had its effect before its end could be recorded: a handler that calls out
    looks for the trace of `dedup`, its intent id, before it calls again.
    """

    id: int
    kind: str
    key: str
    dedup: str
    payload: Mapping[str, str | int]
    attempts: int
    written_at: datetime | None = None
    """When it was enqueued: its effect cannot be older. None: not known."""

    @property
    def is_repeat(self) -> bool:
        """Whether it was begun before."""
        return self.attempts > 1

    def number(self, name: str) -> int:
        """A number of the payload. KeyError or ValueError: whoever wrote the job forgot it."""
        return int(self.payload[name])

    def text(self, name: str) -> str:
        """An id of the payload. KeyError: whoever wrote the job forgot it."""
        return str(self.payload[name])


class Retry(Exception):
    """Raised by a handler: not now. `after` is how long the other side asked to wait (None: growing by itself).

    `reason` is for operators: a code or a status, never content.
    """

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        """Another try, not before `after`."""
        super().__init__(reason)
        self.reason = reason
        self.after = after


class GiveUp(Exception):
    """Raised by a handler: no later try can succeed. `reason` is for operators: a code or a status, never content."""

    def __init__(self, reason: str) -> None:
        """The job is dead at once."""
        super().__init__(reason)
        self.reason = reason


class Clock(Protocol):
    """Where the time comes from."""

    def __call__(self) -> datetime:
        """Now, aware UTC."""


@dataclass(frozen=True, slots=True)
class JobTools:
    """What a handler that calls out gets besides its job."""

    now: datetime
    is_stopping: Callable[[], bool]
    """Whether the process is on its way down: no new long step should begin. Raise `Retry` to hand the job on."""


InboxHandler: TypeAlias = Callable[[Job, UnitOfWork], None]
"""Works inside one transaction with the job's end: its effects happen exactly once."""
Closing: TypeAlias = Callable[[UnitOfWork], object]
"""What a handler that called out still has to write: done in one transaction with the job's end, so exactly once."""
OutboxHandler: TypeAlias = Callable[[Job, JobTools], Closing | None]
"""Calls out first, its end is recorded after: its effect happens at least once. Every call needs a time-out."""
RoundHandler: TypeAlias = Callable[[Job, JobTools], timedelta]
"""Works in rounds without an end: makes one, and tells after how long, counted from its beginning, the next is due.

It handles what is to be expected outside by a longer pause. Whatever else it raises is one more try; it never dies.
"""
DeadHook: TypeAlias = Callable[[UnitOfWork, Job, str], None]
"""Told, in the transaction that gives a job up, which one and why: records it and enqueues the alarm."""

INBOX_TRIES = 10
OUTBOX_TRIES = 20
ENDLESS = 2**31 - 1
"""Tries of work in rounds: its attempts count the rounds, and fit the column for thousands of years."""


@dataclass(frozen=True, slots=True)
class Route:
    """How jobs of one kind are worked off. Exactly one of the handlers is set.

    `tries`: how many before it is dead. `judges`: whether it decides by the policy, so that a process under another one
    than the one in force must leave it to others.
    """

    tries: int
    inbox: InboxHandler | None = None
    outbox: OutboxHandler | None = None
    round: RoundHandler | None = None
    judges: bool = True


@dataclass(slots=True)
class Handlers:
    """Which handler works off which kind of job."""

    routes: dict[str, Route] = field(default_factory=dict)

    def inbox(self, kind: str, handler: InboxHandler, *, tries: int = INBOX_TRIES, judges: bool = True) -> None:
        """Work off `kind` inside a transaction. ValueError: the kind has a handler already."""
        self._add(kind, Route(tries, inbox=handler, judges=judges))

    def outbox(self, kind: str, handler: OutboxHandler, *, tries: int = OUTBOX_TRIES, judges: bool = True) -> None:
        """Work off `kind` by calling out. ValueError: the kind has a handler already."""
        self._add(kind, Route(tries, outbox=handler, judges=judges))

    @property
    def judging(self) -> frozenset[str]:
        """The kinds that decide by the policy."""
        return frozenset(kind for kind, route in self.routes.items() if route.judges)

    def rounds(self, kind: str, handler: RoundHandler) -> None:
        """Work off `kind` again and again: one row for ever, see `Jobs.keep`. ValueError: it has a handler already."""
        self._add(kind, Route(ENDLESS, round=handler))

    def _add(self, kind: str, route: Route) -> None:
        if kind in self.routes:
            message = f"expected one handler for {kind}, found a second"
            raise ValueError(message)
        self.routes[kind] = route
