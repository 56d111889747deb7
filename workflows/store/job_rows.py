"""Jobs as the rest of the program sees them: frozen, typed, free of SQLAlchemy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands. `dead`: tried too often, waits for an operator; `cancelled`: no longer wanted."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class JobDraft:
    """A job to be written with the caller's transaction.

    `key` orders: jobs of one key run one after the other, in the order of their writing ('' and timers: no order).
    `dedup` is unique: a second job with the same one is not written. `run_at` None means at once.
    `payload` holds ids and numbers only: no text, no personal data, no secret.
    """

    kind: str
    key: str
    dedup: str
    payload: Mapping[str, str | int] = field(default_factory=dict)
    run_at: datetime | None = None
    timer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job as stored. `owner` and `attempts` (counted from 1 by each claim) name the claim that may end it."""

    id: int
    kind: str
    key: str
    dedup: str
    payload: Mapping[str, str | int]
    timer: bool
    state: JobState
    attempts: int
    run_at: datetime | None
    owner: str | None
    error: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class JobStats:
    """Jobs by state, and since when the oldest due job waits (None: nothing is waiting)."""

    counts: Mapping[JobState, int]
    waiting_since: datetime | None
