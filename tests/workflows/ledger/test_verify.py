"""Each way to tamper with a stored log is found, by the check it belongs to and at the right index."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.ledger.logs import CASES, START, Log, filled
from workflows.ledger.canonical import canonical
from workflows.ledger.kinds import EntryKind
from workflows.ledger.merkle import leaf_hash, root_of
from workflows.ledger.receipt import Receipt
from workflows.ledger.report import MOST_FINDINGS, Check, LogReport, NotProven
from workflows.ledger.stored import StoredHead
from workflows.ledger.treecheck import Anchor
from workflows.ledger.verify import LOG_CHECKS, verify_tree

SIZE = 14
PLACES = st.integers(1, SIZE - 1)


def body_with(log: Log, index: int, **changes: object) -> bytes:
    return canonical({**json.loads(log.entries[index].body), **changes})  # type: ignore[dict-item]  # JSON as it is


def found(report: LogReport) -> set[tuple[Check, int | None]]:
    return {(finding.check, finding.index) for finding in report.findings}


def checks(report: LogReport) -> set[Check]:
    return {finding.check for finding in report.findings}


@pytest.mark.parametrize("deep", [False, True])
def test_an_honest_log_is_intact(deep: bool) -> None:
    log = filled(SIZE)
    report = log.verify(deep=deep)
    assert report.intact
    assert report.first_bad is None
    assert (report.size, report.root) == (SIZE, root_of(log.leaves))
    assert dict(report.counts) == dict.fromkeys(LOG_CHECKS, 0)
    assert (report.disclosed, report.erased) == (2 * (SIZE - 1), 0)
    assert NotProven.NO_CHECKPOINT in report.not_proven
    assert (NotProven.CANONICAL_BYTES in report.not_proven) == (not deep)


def test_an_empty_log_is_intact() -> None:
    assert Log().verify().intact
    assert Log().verify(StoredHead(0, b"", START)).intact


@given(PLACES)
def test_an_edited_body_is_found(place: int) -> None:
    log = filled(SIZE)
    log.edit(place, body=body_with(log, place, source="cli"))
    report = log.verify()
    assert (Check.LEAVES, place) in found(report)
    assert checks(report) == {Check.LEAVES, Check.ROOT}
    assert report.first_bad == place


@given(PLACES)
def test_an_edited_body_with_its_leaf_is_found(place: int) -> None:
    log = filled(SIZE)
    body = body_with(log, place, source="cli")
    log.edit(place, body=body, leaf=leaf_hash(body))
    report = log.verify()
    assert checks(report) == {Check.ROOT}
    assert report.first_bad == max(start for start in (0, 8, 12) if start <= place)
    assert "first difference in entries" in report.findings[0].found


@given(PLACES)
def test_an_edited_leaf_is_found(place: int) -> None:
    log = filled(SIZE)
    log.edit(place, leaf=leaf_hash(b""))
    assert found(log.verify()) == {(Check.LEAVES, place)}


@given(st.integers(0, SIZE - 2))
def test_a_removed_entry_is_found(place: int) -> None:
    log = filled(SIZE)
    head = log.head
    del log.entries[place]
    report = log.verify(head)
    assert (Check.INDICES, place) in found(report)
    assert report.first_bad == place


@given(st.lists(PLACES, min_size=2, max_size=2, unique=True))
def test_swapped_entries_are_found(places: list[int]) -> None:
    log = filled(SIZE)
    first, second = sorted(places)
    log.entries[first], log.entries[second] = (
        replace(log.entries[second], index=first),
        replace(log.entries[first], index=second),
    )
    report = log.verify()
    assert {Check.ROOT, Check.TIMESTAMPS} <= checks(report)
    assert (Check.TIMESTAMPS, first + 1) in found(report)
    assert report.first_bad is not None
    assert report.first_bad <= first + 1


def test_a_doubled_entry_is_found() -> None:
    log = filled(SIZE)
    log.entries.append(log.entries[5])
    assert (Check.INDICES, 5) in found(log.verify(log.head))


@given(PLACES)
def test_a_cut_tail_is_found(place: int) -> None:
    log = filled(SIZE)
    head = log.head
    del log.entries[place:]
    for key in [key for key in log.disclosures if key[0] >= place]:
        del log.disclosures[key]
    report = log.verify(head)
    assert checks(report) == {Check.ROOT, Check.HEAD}
    assert report.first_bad == place


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"size": SIZE + 1}, Check.HEAD),
        ({"size": SIZE - 1}, Check.HEAD),
        ({"size": -1}, Check.HEAD),
        ({"frontier": b"\0" * 96}, Check.ROOT),
        ({"frontier": b""}, Check.ROOT),
        ({"last_ts": START}, Check.HEAD),
        ({"last_ts": None}, Check.HEAD),
    ],
)
def test_an_edited_head_is_found(change: dict[str, object], check: Check) -> None:
    log = filled(SIZE)
    report = log.verify(replace(log.head, **change))  # type: ignore[arg-type]  # columns of several types
    assert check in checks(report)
    assert checks(report) <= {Check.HEAD, Check.ROOT}


@given(
    PLACES,
    st.sampled_from(
        [
            {"entry_id": UUID(int=99)},
            {"ts": START + timedelta(microseconds=1)},
            {"kind": "incident.moved"},
            {"case": None},
            {"case": UUID(int=3)},
            {"seq": 99},
            {"seq": None},
        ]
    ),
)
def test_an_edited_copy_is_found(place: int, change: dict[str, object]) -> None:
    log = filled(SIZE)
    head = log.head
    log.edit(place, **change)
    assert found(log.verify(head)) == {(Check.COPIES, place)}


def rewritten(change: Callable[[Log], object]) -> LogReport:
    """Somebody who writes leaf, frontier and head along with the entry: what is left are the bodies themselves."""
    log = filled(SIZE)
    change(log)
    log.entries = [replace(entry, leaf=leaf_hash(entry.body)) for entry in log.entries]
    log.frontier = type(log.frontier)().extend(log.leaves)
    return log.verify(deep=True)


@pytest.mark.parametrize(
    ("body", "check"),
    [
        ({"ts": "2026-03-02T08:00:00.000000Z"}, Check.TIMESTAMPS),
        ({"seq": 4}, Check.CASE_SEQ),
        ({"origin": "other"}, Check.ORIGIN),
        ({"nickname": "x"}, Check.BODIES),
        ({"kind": "incident.forgotten"}, Check.BODIES),
        ({"data": {"text": "free text"}}, Check.BODIES),
    ],
)
def test_an_entry_written_wrongly_is_found(body: dict[str, object], check: Check) -> None:
    report = rewritten(lambda log: log.edit(5, body=body_with(log, 5, **body)))
    assert (check, 5) in found(report)


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff\xfe", b"{}", b"[" * 100_000])
@pytest.mark.parametrize("deep", [False, True])
def test_a_body_that_is_no_entry_is_found(body: bytes, deep: bool) -> None:
    log = filled(SIZE)
    log.edit(5, body=body)
    report = log.verify(deep=deep)
    assert (Check.LEAVES, 5) in found(report)
    assert (Check.BODIES, 5) in found(report)


def test_a_loose_spelling_is_found_when_deep() -> None:
    def loosen(log: Log) -> None:
        log.edit(5, body=log.entries[5].body + b" ")

    assert found(rewritten(loosen)) == {(Check.BODIES, 5)}


def test_a_log_rewritten_with_its_head_is_found_by_what_others_kept() -> None:
    honest = filled(SIZE)
    kept = [Anchor(size, root_of(honest.leaves[:size])) for size in (1, 6, SIZE)]
    receipts = [Receipt(index, leaf) for index, leaf in enumerate(honest.leaves)]
    report = honest.verify(anchors=kept, receipts=receipts)
    assert report.intact
    assert NotProven.NO_CHECKPOINT not in report.not_proven
    assert NotProven.NEWEST_ENTRIES not in report.not_proven

    forged = filled(SIZE)
    body = body_with(forged, 3, source="cli")
    forged.edit(3, body=body, leaf=leaf_hash(body))
    forged.frontier = type(forged.frontier)().extend(forged.leaves)
    assert forged.verify().intact
    assert found(forged.verify(anchors=kept)) == {(Check.CHECKPOINTS, 5), (Check.CHECKPOINTS, SIZE - 1)}
    assert found(forged.verify(receipts=receipts)) == {(Check.RECEIPTS, 3)}


def test_a_restored_backup_is_found_by_what_others_kept() -> None:
    honest, restored = filled(SIZE), filled(9)
    assert restored.verify().intact
    anchor, receipt = Anchor(SIZE, root_of(honest.leaves)), Receipt(12, honest.leaves[12])
    assert found(restored.verify(anchors=[anchor])) == {(Check.CHECKPOINTS, 9)}
    assert found(restored.verify(receipts=[receipt])) == {(Check.RECEIPTS, 12)}


def test_entries_after_the_last_checkpoint_are_said_to_be_open() -> None:
    log = filled(SIZE)
    assert NotProven.NEWEST_ENTRIES in log.verify(anchors=[Anchor(5, root_of(log.leaves[:5]))]).not_proven


def test_the_shallow_check_finds_the_same_in_the_tree() -> None:
    log = filled(SIZE)
    rows = [(entry.index, entry.body, entry.leaf) for entry in log.entries]
    report = verify_tree(rows, log.head)
    assert report.intact
    assert report.root == log.verify().root
    assert not verify_tree(rows[:-1], log.head).intact
    assert not verify_tree([*rows[:4], rows[5], *rows[5:]], log.head).intact
    assert not verify_tree([(0, b"", rows[0][2]), *rows[1:]], log.head).intact


def test_many_findings_are_counted_and_some_are_kept() -> None:
    log = Log()
    for _ in range(2 * MOST_FINDINGS):
        log.append(CASES[0])
    log.entries = [replace(entry, kind=EntryKind.CASE_LINKED) for entry in log.entries]
    report = log.verify()
    assert report.counts[Check.COPIES] == 2 * MOST_FINDINGS
    assert len(report.findings) == MOST_FINDINGS
