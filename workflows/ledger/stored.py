"""The ledger as a database holds it: what a verifier reads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One row of the log. `body` is what counts; every other column is a copy, which verification compares."""

    index: int
    entry_id: UUID
    ts: datetime
    kind: str
    case: UUID | None
    seq: int | None
    body: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class StoredDisclosure:
    """One erasable field of an entry. Erased: no disclosure, and the index of the entry that erased it."""

    index: int
    name: str
    disclosure: str | None
    erased_by: int | None = None


@dataclass(frozen=True, slots=True)
class StoredHead:
    """The end of the log: number of entries, frontier (`merkle.Frontier.to_bytes`), last log time and the log's name.

    `origin` None: not told, hence not compared.
    """

    size: int
    frontier: bytes
    last_ts: datetime | None
    origin: str | None = None
