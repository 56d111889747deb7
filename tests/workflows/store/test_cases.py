from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from tests.workflows.store.samples import START, GivenUp, case_row, give_up
from workflows.errors import Conflict
from workflows.store.rows import CaseFilter
from workflows.store.store import Store


def test_a_case_comes_back_as_it_was_written(store: Store) -> None:
    row = case_row(doc="{ä}".encode())
    with store.transaction() as work:
        work.insert_case(row)
    with store.reading() as reads:
        assert reads.case(row.number) == row
        assert reads.case_by_id(row.id) == row
        assert reads.case("INC-2026-9999") is None
        assert reads.case("INC-2026-\x000001") is None


def test_the_second_writer_of_a_version_conflicts_and_the_first_holds(store: Store) -> None:
    row = case_row()
    with store.transaction() as work:
        work.insert_case(row)
    with store.transaction() as work:
        work.update_case(replace(row, version=2, state="assessed"))
    with pytest.raises(Conflict, match="version 1"), store.transaction() as work:
        work.update_case(replace(row, version=2, state="dismissed"))
    with store.reading() as reads:
        found = reads.case(row.number)
    assert found is not None
    assert (found.state, found.version) == ("assessed", 2)


def test_two_cases_of_one_number_conflict(store: Store) -> None:
    with store.transaction() as work:
        work.insert_case(case_row(1))
    with pytest.raises(Conflict), store.transaction() as work:
        work.insert_case(case_row(2, number="INC-2026-0001"))


def test_numbers_count_per_series_and_year_and_a_rollback_gives_its_number_back(store: Store) -> None:
    with store.transaction() as work:
        assert [work.next_number("INC", 2026), work.next_number("INC", 2026)] == [1, 2]
        assert work.next_number("CHG", 2026) == 1
        assert work.next_number("INC", 2027) == 1
    with suppress(GivenUp), store.transaction() as work:
        assert work.next_number("INC", 2026) == 3
        give_up()
    with store.transaction() as work:
        assert work.next_number("INC", 2026) == 3


def test_numbers_have_no_gap_when_many_count_at_once_and_some_give_up(store: Store) -> None:
    given: list[int] = []

    def count(worker: int) -> None:
        for turn in range(6):
            try:
                with store.transaction() as work:
                    number = work.next_number("INC", 2026)
                    if (turn + worker) % 3 == 0:
                        give_up()
            except GivenUp:
                continue
            given.append(number)

    threads = [Thread(target=count, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 33))


def test_paging_visits_every_case_once_newest_first(store: Store) -> None:
    rows = [case_row(number, opened_at=START + timedelta(minutes=number // 3)) for number in range(1, 12)]
    with store.transaction() as work:
        for row in rows:
            work.insert_case(row)
    with store.reading() as reads:
        seen = list(reads.all_cases(CaseFilter(limit=2)))
    assert seen == sorted(rows, key=lambda row: (row.opened_at, row.id), reverse=True)


FILTERS: dict[CaseFilter, list[int]] = {
    CaseFilter(): [3, 2, 1],
    CaseFilter(workflow="change"): [3],
    CaseFilter(series="INC"): [2, 1],
    CaseFilter(kind="normal"): [3],
    CaseFilter(states=("closed",)): [2],
    CaseFilter(without_states=("closed",)): [3, 1],
    CaseFilter(without_kinds=("normal",)): [2, 1],
    CaseFilter(severities=("S1", "S4")): [1],
    CaseFilter(visibilities=("sealed",)): [2],
    CaseFilter(search="MÜLL"): [1],
    CaseFilter(search="100%"): [2],
    CaseFilter(search="0_"): [],
    CaseFilter(opened_from=START + timedelta(minutes=2)): [3, 2],
    CaseFilter(opened_before=START + timedelta(minutes=2)): [1],
    CaseFilter(limit=1): [3],
    CaseFilter(series="INC", states=("closed",), severities=("S1",)): [],
}


def test_a_filter_narrows_by_every_field_that_is_set(store: Store, subtests: pytest.Subtests) -> None:
    with store.transaction() as work:
        work.insert_case(case_row(1, severity="S1", search="müllabfuhr steht"))
        work.insert_case(case_row(2, state="closed", visibility="sealed", search="100% voll"))
        work.insert_case(case_row(3, workflow="change", series="CHG", kind="normal", search="100 prozent"))
    for wanted, numbers in FILTERS.items():
        with subtests.test(str(wanted)), store.reading() as reads:
            assert [int(row.number[-4:]) for row in reads.cases(wanted)] == numbers
