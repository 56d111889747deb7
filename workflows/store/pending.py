"""Entries between decision and commit."""

from datetime import datetime
from typing import Any

from workflows.ledger.draft import EntryDraft
from workflows.ledger.receipt import Receipt


class PendingEntry:
    """An entry that will be written at commit. Its index is known under the head's lock, its receipt holds after."""

    def __init__(self, draft: EntryDraft) -> None:
        """An entry not written yet."""
        self.draft = draft
        self._index: int | None = None
        self._leaf = b""
        self._committed = False

    @property
    def index(self) -> int:
        """Where the entry stands in the log. RuntimeError before it is written."""
        if self._index is None:
            raise RuntimeError("expected a written entry, found one that waits for its commit")
        return self._index

    @property
    def receipt(self) -> Receipt:
        """The receipt to hand out. RuntimeError before the commit: nobody may hold a receipt for what never was."""
        if not self._committed:
            raise RuntimeError("expected a committed entry, found one that may still be rolled back")
        return Receipt(self.index, self._leaf)

    def written(self, index: int, leaf: bytes) -> None:
        """Called by the writer under the head's lock."""
        self._index, self._leaf = index, leaf

    def committed(self) -> None:
        """Called by the store after the commit."""
        self._committed = True


def row_of(log_id: int, index: int, ts: datetime, draft: EntryDraft, body: bytes) -> dict[str, Any]:
    """The columns of an entry; all but `body` are copies for queries."""
    return {
        "log_id": log_id,
        "idx": index,
        "entry_id": draft.entry_id,
        "ts": ts,
        "kind": str(draft.kind),
        "case_id": draft.case,
        "case_seq": draft.seq,
        "body": body,
    }
