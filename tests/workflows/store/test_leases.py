"""What only one process may do: taken over when its holder is silent, and never done under an older number."""

from datetime import UTC, datetime, timedelta

import pytest

from workflows.store.leases import CHECKPOINT, Lease, LeaseLost
from workflows.store.store import Store

LONG = timedelta(minutes=1)
GONE = timedelta(microseconds=-1)


def take(store: Store, holder: str, length: timedelta = LONG, *, alone: bool = False) -> Lease | None:
    with store.transaction() as uow:
        return uow.leases.take(CHECKPOINT, holder, length, alone=alone)


def taken(store: Store, holder: str, length: timedelta = LONG) -> Lease:
    lease = take(store, holder, length)
    assert lease is not None
    return lease


def require(store: Store, lease: Lease) -> None:
    with store.transaction() as uow:
        uow.leases.require(lease)


def shown(store: Store) -> str | None:
    with store.reading() as reads:
        lease = reads.leases.get(CHECKPOINT, datetime.now(UTC))
    return lease.holder if lease else None


def test_one_holds_it_and_prolongs_it_under_the_same_number(store: Store) -> None:
    assert shown(store) is None
    first = taken(store, "a")
    assert shown(store) == "a"
    assert take(store, "b") is None
    again = taken(store, "a")
    assert (again.fence, again.until >= first.until) == (first.fence, True)
    require(store, first)
    require(store, again)


def test_it_passes_on_when_its_time_is_over_and_the_older_number_is_refused(store: Store) -> None:
    first = taken(store, "a", GONE)
    assert shown(store) is None
    with pytest.raises(LeaseLost):
        require(store, first)
    second = taken(store, "b")
    assert second.fence > first.fence
    require(store, second)
    with pytest.raises(LeaseLost, match=f"found number {second.fence}"):
        require(store, first)
    assert take(store, "a") is None


def test_given_back_it_is_free_at_once_and_its_number_stays_used(store: Store) -> None:
    first = taken(store, "a")
    with store.transaction() as uow:
        uow.leases.release(first)
    assert shown(store) is None
    second = taken(store, "b")
    assert second.fence > first.fence
    with store.transaction() as uow:
        uow.leases.release(first)
    assert shown(store) == "b"


def test_where_nobody_else_can_be_what_a_dead_process_left_is_free(store: Store) -> None:
    first = taken(store, "dead")
    assert take(store, "next") is None
    second = take(store, "next", alone=True)
    assert second is not None
    assert second.fence > first.fence
