"""A log in memory, with the tampering that a database would allow."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from workflows.ledger.canonical import Json
from workflows.ledger.disclosure import make
from workflows.ledger.draft import EntryDraft
from workflows.ledger.kinds import EntryKind
from workflows.ledger.merkle import Frontier, leaf_hash
from workflows.ledger.report import LogReport
from workflows.ledger.stored import StoredDisclosure, StoredEntry, StoredHead
from workflows.ledger.verify import verify_log

ORIGIN = "log.example/wachbuch"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POLICY = "ab" * 32
CASES = (UUID(int=1), UUID(int=2))


def draft(number: int, **changes: Any) -> EntryDraft:
    """A draft that is valid as it stands."""
    values: dict[str, Any] = {
        "entry_id": UUID(int=1000 + number),
        "kind": EntryKind.INCIDENT_NOTED,
        "at": START + timedelta(seconds=number),
        "source": "slack",
        "policy": POLICY,
    }
    return EntryDraft(**(values | changes))


@dataclass
class Log:
    """Entries, disclosures and head as rows; tests overwrite them to tamper."""

    entries: list[StoredEntry] = field(default_factory=list)
    disclosures: dict[tuple[int, str], StoredDisclosure] = field(default_factory=dict)
    frontier: Frontier = field(default_factory=Frontier)
    seqs: dict[UUID, int] = field(default_factory=dict)

    def append(self, case: UUID | None = None, texts: Mapping[str, Json] | None = None, **changes: Any) -> int:
        index = len(self.entries)
        if case is not None:
            self.seqs[case] = self.seqs.get(case, 0) + 1
            changes |= {"case": case, "seq": self.seqs[case]}
        opened = {name: make(index.to_bytes(16), name, value) for name, value in (texts or {}).items()}
        opened |= changes.pop("disclosures", {})
        written = draft(index, disclosures=opened, **changes)
        skeleton = written.to_skeleton(ORIGIN, START + timedelta(minutes=index))
        body = skeleton.to_bytes()
        row = StoredEntry(index, written.entry_id, skeleton.ts, written.kind, case, written.seq, body, leaf_hash(body))
        self.entries.append(row)
        self.frontier = self.frontier.push(row.leaf)
        for name, text in opened.items():
            self.disclosures[index, name] = StoredDisclosure(index, name, text)
        return index

    def erase(self, *targets: tuple[int, str]) -> int:
        """Erase as the rules want it."""
        pairs: list[Json] = [[index, name] for index, name in targets]
        by = self.append(kind=EntryKind.LEDGER_ERASED, data={"targets": pairs})
        for target in targets:
            self.disclosures[target] = StoredDisclosure(*target, None, by)
        return by

    @property
    def head(self) -> StoredHead:
        last_ts = self.entries[-1].ts if self.entries else None
        return StoredHead(self.frontier.size, self.frontier.to_bytes(), last_ts)

    @property
    def leaves(self) -> list[bytes]:
        return [entry.leaf for entry in self.entries]

    def edit(self, index: int, **changes: Any) -> None:
        """Overwrite columns of a row."""
        self.entries[index] = replace(self.entries[index], **changes)

    def rows(self) -> list[StoredDisclosure]:
        return [self.disclosures[key] for key in sorted(self.disclosures)]

    def verify(self, head: StoredHead | None = None, **options: Any) -> LogReport:
        entries = sorted(self.entries, key=lambda entry: entry.index)
        return verify_log(entries, head or self.head, self.rows(), **options)


def filled(size: int = 14) -> Log:
    """Two cases in turn, each entry with two fields, and one entry without a case at the start."""
    log = Log()
    log.append(kind=EntryKind.LOG_OPENED)
    for number in range(1, size):
        log.append(CASES[number % 2], {"text": f"Notiz Nummer {number}", "title": f"Titel {number}"}, by="p1")
    return log
