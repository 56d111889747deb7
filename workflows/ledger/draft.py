"""An entry as the core writes it: everything but its place in the log, which the store gives under the head's lock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from workflows.ledger.canonical import Json
from workflows.ledger.disclosure import digest
from workflows.ledger.kinds import EntryKind
from workflows.ledger.skeleton import Skeleton


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """A skeleton without origin and log time, and the disclosures that go beside it (name → disclosure)."""

    entry_id: UUID
    kind: EntryKind
    at: datetime
    source: str
    policy: str
    case: UUID | None = None
    seq: int | None = None
    from_state: str | None = None
    to_state: str | None = None
    by: str | None = None
    role: str | None = None
    refs: Mapping[str, str] = field(default_factory=dict)
    controls: tuple[str, ...] = ()
    occurred_at: datetime | None = None
    data: Mapping[str, Json] = field(default_factory=dict)
    disclosures: Mapping[str, str] = field(default_factory=dict)

    def to_skeleton(self, origin: str, ts: datetime) -> Skeleton:
        """The hashed part, at its place: `ts` is the log's time, which the caller never lets decrease."""
        return Skeleton(
            origin=origin,
            entry_id=self.entry_id,
            ts=ts,
            at=self.at,
            kind=self.kind,
            case=self.case,
            seq=self.seq,
            from_state=self.from_state,
            to_state=self.to_state,
            by=self.by,
            role=self.role,
            source=self.source,
            refs=self.refs,
            controls=self.controls,
            policy=self.policy,
            occurred_at=self.occurred_at,
            data=self.data,
            sd={name: digest(disclosure) for name, disclosure in self.disclosures.items()},
        )
