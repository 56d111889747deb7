"""Verification of the erasable fields: each digest is opened, or a later entry says that the field was erased."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from workflows.ledger.disclosure import digest, open_disclosure
from workflows.ledger.errors import Broken
from workflows.ledger.report import Check, Findings
from workflows.ledger.stored import StoredDisclosure

ANY_RECORD: Final = -1
"""Stands for the erasing entry where the row itself is gone and does not name one."""
_PAIR: Final = 2


class FieldCheck:
    """Streams over the entries and, beside them, over the disclosures in the order of their index."""

    def __init__(self, findings: Findings, disclosures: Iterable[StoredDisclosure], *, deep: bool) -> None:
        self._findings = findings
        self._rows = iter(disclosures)
        self._row = next(self._rows, None)
        self._deep = deep
        self._missing: dict[tuple[int, str], int] = {}
        self._gone: set[tuple[int, str]] = set()
        self.disclosed = 0

    @property
    def erased(self) -> int:
        """Fields that are gone, with a record of it."""
        return len(self._gone)

    def take(self, index: int, digests: Mapping[str, Any]) -> None:
        """Look at the fields of one entry."""
        row = self._row
        if not digests and (row is None or row.index > index):
            return
        rows = self._rows_of(index)
        for name, expected in digests.items():
            stored = rows.pop(name, None)
            if stored is None:
                self._missing[index, name] = ANY_RECORD
            elif stored.disclosure is None:
                self._expect_record(stored)
            else:
                self._compare(stored, stored.disclosure, expected)
        for name in rows:
            self._findings.add(Check.DISCLOSURES, index, "only fields that the entry names", name)

    def take_erasure(self, index: int, targets: object) -> None:
        """An entry that says what was erased: pairs of index and field name."""
        if not isinstance(targets, list) or not targets:
            self._findings.add(Check.ERASURES, index, "targets [[index, name], …]", targets)
            return
        for target in targets:
            match target:
                case [int(erased), str(name)] if 0 <= erased < index:
                    self._record(index, (erased, name))
                case _:
                    self._findings.add(Check.ERASURES, index, "[index of an earlier entry, field name]", target)

    def finish(self) -> None:
        """What nobody accounted for."""
        for (index, name), record in self._missing.items():
            by = "a later entry" if record == ANY_RECORD else f"entry {record}"
            found = "gone without a record"
            self._findings.add(Check.DISCLOSURES, index, f"{name} disclosed, or erased by {by}", found)
        while (row := self._advance()) is not None:
            self._findings.add(Check.DISCLOSURES, row.index, "fields of entries of the log", row.name)

    def _rows_of(self, index: int) -> dict[str, StoredDisclosure]:
        found: dict[str, StoredDisclosure] = {}
        while self._row is not None and self._row.index <= index:
            row = self._row
            self._advance()
            if row.index < index or row.name in found:
                self._findings.add(Check.DISCLOSURES, row.index, "one row per field, by index", row.name)
            else:
                found[row.name] = row
        return found

    def _advance(self) -> StoredDisclosure | None:
        row, self._row = self._row, next(self._rows, None)
        return row

    def _expect_record(self, stored: StoredDisclosure) -> None:
        if stored.erased_by is None or stored.erased_by <= stored.index:
            expected = f"{stored.name} disclosed, or erased by a later entry"
            self._findings.add(Check.DISCLOSURES, stored.index, expected, f"erased by {stored.erased_by}")
        else:
            self._missing[stored.index, stored.name] = stored.erased_by

    def _compare(self, stored: StoredDisclosure, disclosure: str, expected: object) -> None:
        self.disclosed += 1
        if stored.erased_by is not None:
            found = "still there"
            self._findings.add(Check.ERASURES, stored.index, f"{stored.name} erased by {stored.erased_by}", found)
        try:
            found = digest(disclosure)
            name = open_disclosure(disclosure).name if self._deep and found == expected else stored.name
        except Broken as error:
            self._findings.add(Check.DISCLOSURES, stored.index, error.expected, error.found)
            return
        if found != expected:
            self._findings.add(Check.DISCLOSURES, stored.index, f"{stored.name}: {expected}", found)
        elif name != stored.name:
            self._findings.add(Check.DISCLOSURES, stored.index, stored.name, name)

    def _record(self, index: int, target: tuple[int, str]) -> None:
        """A field counts as erased when it was missing before this entry, and its row names this entry or none."""
        if target in self._gone:
            return
        by = self._missing.get(target)
        if by is None:
            self._findings.add(Check.ERASURES, index, f"{target[1]} of entry {target[0]} gone", "still there, or never")
        elif by in (ANY_RECORD, index):
            del self._missing[target]
            self._gone.add(target)
