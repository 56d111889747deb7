from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.workflows.store.samples import (
    ORIGIN,
    START,
    GivenUp,
    case_row,
    draft,
    erasing,
    give_up,
    number_to_id,
    opened,
)
from workflows.errors import Conflict
from workflows.ledger.merkle import Frontier, leaf_hash, root_of
from workflows.ledger.skeleton import Skeleton
from workflows.ledger.verify import verify_log
from workflows.store.errors import ClockRefused, StoreRefused
from workflows.store.rows import Target
from workflows.store.store import Store

CASE = number_to_id(7, family=1)
FIRST = Target(0, "text0")


def fill(store: Store) -> None:
    """A fixed sequence of writes: several entries in one transaction, one rolled back, a clock put back, an erasure."""
    with store.transaction() as work:
        work.insert_case(case_row(7))
        work.append(draft(0, case=CASE, texts=("Ärger im Büro",)))
        work.append(draft(1, case=CASE))
    with suppress(GivenUp), store.transaction() as work:
        work.append(draft(2, case=CASE, texts=("never was",)))
        give_up()
    with store.transaction() as work:
        work.append(draft(2, case=CASE, texts=("one", "two"), at=START - timedelta(hours=1)))
    with store.transaction() as work:
        work.erase([FIRST], work.append(erasing(3, FIRST)))


def everything(store: Store) -> tuple[object, ...]:
    with store.reading() as reads:
        return reads.head(), list(reads.entries()), list(reads.disclosures())


def test_both_databases_hold_the_same_bytes(sqlite_url: str, postgres_url: str) -> None:
    with opened(sqlite_url) as one, opened(postgres_url) as other:
        fill(one)
        fill(other)
        assert everything(one) == everything(other)


def test_what_is_written_verifies(store: Store) -> None:
    fill(store)
    with store.reading() as reads:
        report = verify_log(reads.entries(), reads.head(), reads.disclosures(), deep=True)
        leaves = [leaf_hash(body) for _, body, _ in reads.leaves()]
    assert report.findings == ()
    assert report.root == root_of(leaves)
    assert (report.size, report.disclosed, report.erased) == (4, 2, 1)


def test_time_in_the_log_never_decreases_but_the_decision_keeps_its_own(store: Store) -> None:
    fill(store)
    with store.reading() as reads:
        skeletons = [Skeleton.from_bytes(entry.body) for entry in reads.case_history(CASE)]
    assert [skeleton.ts - START for skeleton in skeletons] == [timedelta(0), timedelta(seconds=1), timedelta(seconds=1)]
    assert skeletons[2].at == START - timedelta(hours=1)


def test_history_and_disclosures_of_a_case_are_its_own(store: Store) -> None:
    fill(store)
    with store.reading() as reads:
        assert [entry.index for entry in reads.case_history(CASE)] == [0, 1, 2]
        assert [(item.index, item.name) for item in reads.case_disclosures(CASE)] == [
            (0, "text0"),
            (2, "text0"),
            (2, "text1"),
        ]
        assert reads.case_history(number_to_id(8)) == []


def test_a_rollback_leaves_nothing(store: Store) -> None:
    with suppress(GivenUp), store.transaction() as work:
        work.insert_case(case_row())
        entry = work.append(draft(0, texts=("secret",)))
        give_up()
    with store.reading() as reads:
        assert reads.head().size == 0
        assert list(reads.entries()) == []
        assert list(reads.disclosures()) == []
        assert reads.cases() == []
    with pytest.raises(RuntimeError, match="rolled back"):
        _ = entry.receipt


def test_a_receipt_can_be_read_only_after_the_commit(store: Store) -> None:
    seen: list[str] = []
    with store.transaction() as work:
        entry = work.append(draft(0))
        work.after_commit(lambda: seen.append(str(entry.receipt)))
        with pytest.raises(RuntimeError, match="rolled back"):
            _ = entry.receipt
    assert seen == [str(entry.receipt)]
    with store.reading() as reads:
        stored = reads.entry(entry.index)
    assert stored is not None
    assert entry.receipt.matches(stored.leaf)


def test_a_transaction_without_entries_leaves_the_head_alone(store: Store) -> None:
    with store.transaction() as work:
        work.insert_case(case_row())
    with store.reading() as reads:
        assert reads.head().size == 0
        assert reads.origin() is None


def test_the_same_case_seq_twice_is_refused(store: Store) -> None:
    with store.transaction() as work:
        work.append(draft(0, case=CASE))
    with pytest.raises(Exception, match=r"unchanged|append-only"), store.transaction() as work:
        work.append(draft(1, case=CASE, seq=1))
    with store.reading() as reads:
        assert reads.head().size == 1


def test_another_log_is_refused(database_url: str) -> None:
    with opened(database_url) as store, store.transaction() as work:
        work.append(draft(0))
    other = Store.open(database_url, origin="example.org/other", runner=True, clock_tolerance=None)
    with other, pytest.raises(StoreRefused, match=ORIGIN), other.transaction() as work:
        work.append(draft(1))


def test_a_clock_a_day_off_writes_nothing_and_a_right_one_does(database_url: str) -> None:
    now = datetime.now(UTC)
    with Store.open(database_url, origin=ORIGIN, runner=True) as store:
        store.migrate()
        with store.transaction() as work:
            work.append(draft(0, at=now))
        with pytest.raises(ClockRefused), store.transaction() as work:
            work.append(draft(1, at=now - timedelta(hours=25)))
        with pytest.raises(ClockRefused), store.transaction() as work:
            work.now_guard(now - timedelta(hours=25))
        with store.transaction() as work:
            work.now_guard(now - timedelta(hours=23))
            work.append(draft(1, at=now - timedelta(hours=23)))
        with store.reading() as reads:
            assert reads.head().size == 2


def test_a_clock_a_day_ahead_of_the_database_is_refused(postgres_url: str) -> None:
    with Store.open(postgres_url, origin=ORIGIN, runner=True) as store:
        store.migrate()
        with pytest.raises(ClockRefused), store.transaction() as work:
            work.append(draft(0, at=datetime.now(UTC) + timedelta(hours=25)))


def test_an_erasure_needs_an_entry_of_its_own_transaction_that_lists_open_fields(store: Store) -> None:
    fill(store)
    other = Target(2, "text0")
    with store.transaction() as work:
        earlier = work.append(erasing(4, other))
    with pytest.raises(ValueError, match="this transaction"), store.transaction() as work:
        work.erase([other], earlier)
    with pytest.raises(ValueError, match="listed"), store.transaction() as work:
        work.erase([other], work.append(erasing(5, FIRST)))
    with pytest.raises(ValueError, match="listed"), store.transaction() as work:
        work.erase([other], work.append(draft(5)))
    with pytest.raises(Conflict, match="erased already"), store.transaction() as work:
        work.erase([FIRST, other], work.append(erasing(5, FIRST, other)))
    with store.transaction() as work:
        work.erase([other], work.append(erasing(5, other)))
    with store.reading() as reads:
        head = reads.head()
        assert [item.name for item in reads.disclosures() if item.disclosure] == ["text1"]
        assert Frontier.from_bytes(head.size, head.frontier).root() == root_of([leaf for _, _, leaf in reads.leaves()])


def test_erased_bytes_are_gone_from_the_files(sqlite_url: str) -> None:
    secret = draft(0, texts=("a name nobody else has",))
    with opened(sqlite_url) as store:
        with store.transaction() as work:
            work.append(secret)
        files = sorted(Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("*.db*"))
        value = secret.disclosures["text0"].encode()
        assert any(value in file.read_bytes() for file in files)
        with store.transaction() as work:
            work.erase([FIRST], work.append(erasing(1, FIRST)))
        assert not any(value in file.read_bytes() for file in files if file.exists())
