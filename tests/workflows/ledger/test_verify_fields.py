"""Erasing leaves an intact log; making disclosures vanish, swapping or moving them does not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.ledger.logs import CASES, Log, filled
from workflows.ledger.canonical import Json
from workflows.ledger.disclosure import make
from workflows.ledger.kinds import EntryKind
from workflows.ledger.report import Check
from workflows.ledger.stored import StoredDisclosure

SIZE = 10
FIELDS = sorted(filled(SIZE).disclosures)
FIELD = st.sampled_from(FIELDS)


def found(log: Log) -> set[tuple[Check, int | None]]:
    return {(finding.check, finding.index) for finding in log.verify(deep=True).findings}


@given(st.lists(st.lists(FIELD, min_size=1, max_size=4, unique=True), max_size=4))
def test_any_set_of_erasures_is_intact_and_keeps_older_roots(batches: list[list[tuple[int, str]]]) -> None:
    log = filled(SIZE)
    before = log.verify()
    gone: set[tuple[int, str]] = set()
    for batch in batches:
        again = [target for target in batch if target not in gone]
        log.erase(*again or [(log.append(texts={"x": 1}), "x")])
        gone |= set(batch)
    for deep in (False, True):
        report = log.verify(deep=deep)
        assert report.intact, report.findings
        assert report.disclosed + report.erased == len(log.disclosures)
    assert log.frontier.size >= before.size
    assert type(log.frontier)().extend(log.leaves[: before.size]).root() == before.root


@given(FIELD, st.booleans())
def test_a_silent_deletion_is_found(field: tuple[int, str], with_row: bool) -> None:
    log = filled(SIZE)
    if with_row:
        log.disclosures[field] = StoredDisclosure(*field, None, None)
    else:
        del log.disclosures[field]
    assert found(log) == {(Check.DISCLOSURES, field[0])}


@given(FIELD, st.integers(-1, SIZE + 3))
def test_a_deletion_that_cites_another_entry_is_found(field: tuple[int, str], cited: int) -> None:
    log = filled(SIZE)
    other = next(name for name in FIELDS if name != field)
    log.erase(other)
    log.disclosures[field] = StoredDisclosure(*field, None, cited)
    assert found(log) == {(Check.DISCLOSURES, field[0])}


def test_a_row_that_names_another_erasure_is_found() -> None:
    log = filled(SIZE)
    first, second = log.erase(FIELDS[0]), log.erase(FIELDS[1])
    assert not found(log)
    log.disclosures[FIELDS[0]] = StoredDisclosure(*FIELDS[0], None, second)
    assert first != second
    assert found(log) == {(Check.DISCLOSURES, FIELDS[0][0])}


def test_a_row_gone_altogether_is_accepted_with_a_record_of_its_erasure() -> None:
    log = filled(SIZE)
    log.erase(FIELDS[0])
    del log.disclosures[FIELDS[0]]
    report = log.verify()
    assert report.intact
    assert report.erased == 1


def test_an_erasure_that_did_not_happen_is_found() -> None:
    log = filled(SIZE)
    kept = log.disclosures[FIELDS[3]]
    by = log.erase(FIELDS[3])
    log.disclosures[FIELDS[3]] = kept
    assert found(log) == {(Check.ERASURES, by)}
    log.disclosures[FIELDS[3]] = replace(kept, erased_by=by)
    assert found(log) == {(Check.ERASURES, by), (Check.ERASURES, FIELDS[3][0])}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"targets": []},
        {"targets": 1},
        {"targets": [1]},
        {"targets": [[1]]},
        {"targets": [["title", 1]]},
        {"targets": [[SIZE, "title"]]},
        {"targets": [[-1, "title"]]},
        {"targets": [[0, "title"]]},
    ],
)
def test_an_erasure_without_real_targets_is_found(data: dict[str, Json]) -> None:
    log = filled(SIZE)
    by = log.append(kind=EntryKind.LEDGER_ERASED, data=data)
    assert found(log) == {(Check.ERASURES, by)}


def test_an_entry_cannot_erase_what_comes_later() -> None:
    log = filled(SIZE)
    by = log.append(kind=EntryKind.LEDGER_ERASED, data={"targets": [[SIZE + 1, "text"]]})
    later = log.append(CASES[0], {"text": "x"})
    log.disclosures[later, "text"] = StoredDisclosure(later, "text", None, by)
    assert found(log) == {(Check.ERASURES, by), (Check.DISCLOSURES, later)}


@given(FIELD, FIELD)
def test_swapped_disclosures_are_found(first: tuple[int, str], second: tuple[int, str]) -> None:
    log = filled(SIZE)
    one, two = log.disclosures[first], log.disclosures[second]
    log.disclosures[first] = replace(one, disclosure=two.disclosure)
    log.disclosures[second] = replace(two, disclosure=one.disclosure)
    expected = set() if first == second else {(Check.DISCLOSURES, first[0]), (Check.DISCLOSURES, second[0])}
    assert found(log) == expected


@given(FIELD, st.sampled_from([*((index, "extra") for index in range(SIZE)), (SIZE, "text"), (0, "title")]))
def test_a_moved_disclosure_is_found(source: tuple[int, str], target: tuple[int, str]) -> None:
    log = filled(SIZE)
    moved = log.disclosures.pop(source)
    log.disclosures[target] = StoredDisclosure(*target, moved.disclosure)
    assert found(log) == {(Check.DISCLOSURES, source[0]), (Check.DISCLOSURES, target[0])}


@given(FIELD, st.sampled_from(["", "x", "Ä", make(bytes(16), "title", "x"), make(bytes(16), "text", "y")]))
def test_an_edited_disclosure_is_found(field: tuple[int, str], text: str) -> None:
    log = filled(SIZE)
    log.disclosures[field] = replace(log.disclosures[field], disclosure=text)
    assert found(log) == {(Check.DISCLOSURES, field[0])}
    assert not log.verify(deep=False).intact


def test_a_disclosure_written_under_another_name_is_found_when_deep() -> None:
    log = filled(SIZE)
    index = log.append(CASES[0], disclosures={"title": make(bytes(16), "text", "x")})
    assert log.verify(deep=False).intact
    assert found(log) == {(Check.DISCLOSURES, index)}


def test_disclosures_out_of_order_or_doubled_are_found() -> None:
    log = filled(SIZE)
    rows = log.rows()
    log.rows = lambda: [rows[0], *rows]  # type: ignore[method-assign]  # the stream a broken database would give
    assert found(log) == {(Check.DISCLOSURES, rows[0].index)}
