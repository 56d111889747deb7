"""Rows as the rest of the program sees them: frozen, typed, free of SQLAlchemy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, NewType
from uuid import UUID

InboxId = NewType("InboxId", int)
"""Id of a stored delivery; what a job carries."""


class InboxState(StrEnum):
    """What became of a delivery."""

    RECEIVED = "received"
    DONE = "done"
    IGNORED = "ignored"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as stored. `doc` is the folded case; `version` counts the row's writes from 1, `seq` its entries."""

    id: UUID
    workflow: str
    number: str
    series: str
    state: str
    kind: str
    severity: str
    visibility: str
    version: int
    seq: int
    search: str
    opened_at: datetime
    updated_at: datetime
    doc: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases to list: every field that is set narrows. Newest first, `limit` per page.

    `search` is looked for anywhere in the case's search text, whatever the case of its letters.
    `after` is `(opened_at, id)` of the last row of the page before.
    """

    workflow: str = ""
    series: str = ""
    kind: str = ""
    without_kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    without_states: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    visibilities: tuple[str, ...] = ()
    search: str = ""
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """What a forge told last about one request, commit or repository. `version` counts the writes from 1."""

    scope: str
    key: str
    version: int
    doc: bytes
    repository: str
    head: str
    case_id: UUID | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery to be stored: verified, not yet understood. `delivery_id` is opaque.

    `headers` are those few the handler needs; never a signature, a token or a cookie.
    """

    source: str
    hook: str
    delivery_id: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One delivery. `body` is None once it was purged or erased."""

    id: InboxId
    source: str
    hook: str
    delivery_id: str
    headers: Mapping[str, str]
    body: bytes | None
    state: InboxState
    note: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody met outside the policy, or the language chosen by somebody inside it."""

    id: str
    name: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRow:
    """A request to erase: who asked, who decided, and the entry that carried it out. `doc` says what is meant."""

    id: str
    state: str
    basis: str
    doc: bytes
    requested_by: str
    requested_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    entry_idx: int | None = None


class Target(NamedTuple):
    """One disclosure to erase: the index of its entry, and its name there."""

    idx: int
    name: str


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
