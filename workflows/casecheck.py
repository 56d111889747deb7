"""Do the case rows say what the ledger says? Folds every entry once and compares: no entry, no move."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from workflows.errors import Tampered
from workflows.fold import SHARED_EVENTS, step
from workflows.ledger.errors import Broken
from workflows.ledger.kinds import EntryKind
from workflows.ledger.stored import StoredDisclosure, StoredEntry
from workflows.record import read_entry, to_recorded
from workflows.registry import WORKFLOWS, AnyWorkflow
from workflows.store.rows import CaseRow
from workflows.workflow import Case

COPIED: Final = ("state", "kind", "severity", "visibility", "search")


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """A case row and the entries about it contradict each other. `what` is `row`, `entry`, `doc` or a column's name."""

    case: UUID
    what: str
    expected: str
    found: str


@dataclass(slots=True)
class Folding:
    """A case while its entries stream by."""

    workflow: AnyWorkflow
    case: Case
    number: str
    seq: int
    at: datetime
    """When the row was written last: with its last entry, or by an erasure."""
    erasures: int = 0


def check_cases(
    entries: Iterable[StoredEntry], disclosures: Iterable[StoredDisclosure], rows: Iterable[CaseRow]
) -> Iterator[CaseFinding]:
    """Every contradiction. Entries and disclosures must be ordered by index; memory holds one folded case each."""
    folded, broken = fold_all(entries, disclosures)
    yield from broken.values()
    for row in rows:
        if row.id in broken:
            continue
        folding = folded.pop(row.id, None)
        if folding is None:
            yield CaseFinding(row.id, "row", "entries of this case", "none")
        else:
            yield from _compare(folding, row)
    for case_id in folded:
        yield CaseFinding(case_id, "row", "a case row", "none")


def fold_all(
    entries: Iterable[StoredEntry], disclosures: Iterable[StoredDisclosure]
) -> tuple[dict[UUID, Folding], dict[UUID, CaseFinding]]:
    """All cases as their entries say, and those whose entries cannot be folded."""
    folded: dict[UUID, Folding] = {}
    broken: dict[UUID, CaseFinding] = {}
    opened = DisclosureCursor(disclosures)
    erased: dict[int, set[UUID]] = {}
    for entry in entries:
        fields = opened.upto(entry.index)
        try:
            _note_erasures(folded, erased, entry, fields)
            if entry.case is None or entry.case in broken:
                continue
            _take(folded, entry, fields)
        except (Tampered, Broken) as error:
            _break(folded, broken, entry, "to fold", str(error))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # a history that no rule would have written
            _break(folded, broken, entry, "to follow from those before", type(error).__name__)
    return folded, broken


def _break(
    folded: dict[UUID, Folding], broken: dict[UUID, CaseFinding], entry: StoredEntry, expected: str, found: str
) -> None:
    if entry.case is not None:
        broken[entry.case] = CaseFinding(entry.case, "entry", f"entry #{entry.index} {expected}", found)
        folded.pop(entry.case, None)


def _note_erasures(
    folded: dict[UUID, Folding], erased: dict[int, set[UUID]], entry: StoredEntry, fields: list[StoredDisclosure]
) -> None:
    """An erasure writes the rows of the cases it reaches into. `erased` maps entries still to come to those cases."""
    for field in fields:
        if field.erased_by is not None and field.erased_by > entry.index and entry.case is not None:
            erased.setdefault(field.erased_by, set()).add(entry.case)
    for case_id in erased.pop(entry.index, ()):
        folding = folded.get(case_id)
        if folding is not None:
            folding.at, folding.erasures = read_entry(entry.body, ()).skeleton.at, folding.erasures + 1


def _take(folded: dict[UUID, Folding], stored: StoredEntry, fields: list[StoredDisclosure]) -> None:
    entry = read_entry(stored.body, ((field.name, field.disclosure) for field in fields))
    case_id = entry.skeleton.case
    if case_id is None or case_id != stored.case:
        message = f"entry #{stored.index}: expected case {stored.case}, found {case_id}"
        raise Tampered(message)
    folding = folded.get(case_id)
    workflow = folding.workflow if folding else _workflow_of(entry.skeleton.kind)
    recorded = to_recorded(entry, {**workflow.events, **SHARED_EVENTS})
    if folding is None:
        blank = workflow.blank(case_id, entry.number, recorded.at)
        folding = folded[case_id] = Folding(workflow, blank, entry.number, 0, recorded.at)
    folding.case = step(workflow, folding.case, recorded)
    folding.seq, folding.at = recorded.seq, recorded.at


def _workflow_of(kind: EntryKind) -> AnyWorkflow:
    for workflow in WORKFLOWS.values():
        if kind in workflow.events:
            return workflow
    message = f"expected an entry that opens a case, found {kind.value}"
    raise Tampered(message)


def _compare(folding: Folding, row: CaseRow) -> Iterator[CaseFinding]:
    index = folding.workflow.index(folding.case)
    expected: Mapping[str, Any] = {
        **{name: getattr(index, name) for name in COPIED},
        "workflow": folding.workflow.name,
        "number": folding.number,
        "series": folding.number.rsplit("-", 2)[0],
        "seq": folding.seq,
        "opened_at": folding.case.opened_at,
        "updated_at": folding.at,
    }
    for name, value in expected.items():
        if getattr(row, name) != value:
            yield CaseFinding(row.id, name, str(value), str(getattr(row, name)))
    most = folding.seq + folding.erasures
    if not 1 <= row.version <= most:  # each writing of the row has an entry or an erasure; one may have several
        yield CaseFinding(row.id, "version", f"1 to {most}", str(row.version))
    doc = folding.case.model_dump_json().encode()
    if doc != row.doc and not _written_before(folding.case, row.doc):
        yield from _differences(row.id, json.loads(doc), row.doc)


def _written_before(case: Case, stored: bytes) -> bool:
    """Whether the row says the same, byte by byte, but knows fewer fields: those that are newer than it are empty."""
    try:
        found = type(case).model_validate_json(stored)
    except ValidationError:
        return False
    same = found.model_dump_json() == case.model_dump_json()
    return same and found.model_dump_json(exclude_unset=True).encode() == stored


def _differences(case_id: UUID, expected: dict[str, Any], stored: bytes) -> Iterator[CaseFinding]:
    """Which fields of the row's document differ; their content stays out of the finding, it may be personal."""
    try:
        found = json.loads(stored)
    except (ValueError, TypeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        yield CaseFinding(case_id, "doc", "a JSON object", "something else")
        return
    differing = [name for name in sorted({*expected, *found}) if expected.get(name) != found.get(name)]
    for name in differing:
        yield CaseFinding(case_id, f"doc.{name}", "the value that the entries say", "another")
    if not differing:  # equal to Python (1 and true, a name twice, other blanks), not to every reader
        yield CaseFinding(case_id, "doc", "the bytes that the entries amount to", "others")


class DisclosureCursor:
    """Disclosures of one entry after the other, from a stream ordered by index."""

    def __init__(self, disclosures: Iterable[StoredDisclosure]) -> None:
        self._groups = groupby(disclosures, key=lambda row: row.index)
        self._next: tuple[int, list[StoredDisclosure]] | None = None
        self._advance()

    def _advance(self) -> None:
        index, rows = next(self._groups, (None, None))
        self._next = None if index is None or rows is None else (index, list(rows))

    def upto(self, index: int) -> list[StoredDisclosure]:
        """The disclosures of this entry; those of entries that are missing are skipped."""
        while self._next is not None and self._next[0] < index:
            self._advance()
        if self._next is None or self._next[0] != index:
            return []
        rows = self._next[1]
        self._advance()
        return rows
