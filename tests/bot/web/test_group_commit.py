"""Many callers, one commit: everybody waits for the commit that holds their own row, and for no other."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.web.group_commit import GroupCommit
from bot.web.inbox import store_deliveries
from workflows.store.rows import Delivery
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork


class Disk:
    """Writes when it is let, remembers its batches, and fails when told to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.fails: Exception | None = None
        self.turns = threading.Event()
        self.turns.set()

    def write(self, batch: Sequence[int]) -> list[int]:
        assert self.turns.wait(60)
        self.batches.append(list(batch))
        if self.fails is not None:
            raise self.fails
        return [item * 10 for item in batch]


async def together(group: GroupCommit[int, int], disk: Disk, count: int) -> list[Any]:
    """So many callers while the disk is busy with another."""
    disk.turns.clear()
    first = asyncio.create_task(group.submit(-1))
    await asyncio.sleep(0.02)
    callers = [asyncio.create_task(group.submit(item)) for item in range(count)]
    await asyncio.sleep(0.02)
    disk.turns.set()
    await asyncio.wait([first])
    return list(await asyncio.gather(*callers, return_exceptions=True))


def run(work: Coroutine[Any, Any, list[Any]]) -> list[Any]:
    return asyncio.run(asyncio.wait_for(work, 90))


def test_what_arrives_together_is_written_together_and_in_order() -> None:
    disk = Disk()
    assert run(together(GroupCommit(disk.write), disk, 20)) == [item * 10 for item in range(20)]
    assert disk.batches == [[-1], list(range(20))]


def test_a_commit_takes_no_more_than_its_most() -> None:
    disk = Disk()
    assert run(together(GroupCommit(disk.write, most=8), disk, 20)) == [item * 10 for item in range(20)]
    assert [len(batch) for batch in disk.batches] == [1, 8, 8, 4]


def test_an_error_reaches_every_caller_of_its_batch_and_no_later_one() -> None:
    disk = Disk()
    group = GroupCommit(disk.write)

    async def story() -> list[Any]:
        disk.fails = OSError("disk full")
        failed = await together(group, disk, 5)
        disk.fails = None
        return [failed, await group.submit(7)]

    failed, later = run(story())
    assert [str(one) for one in failed] == ["disk full"] * 5
    assert later == 70


def test_a_writer_that_forgets_an_answer_leaves_nobody_waiting() -> None:
    disk = Disk()

    def forgetful(batch: Sequence[int]) -> list[int]:
        return disk.write(batch)[:-1]

    assert all(isinstance(one, ValueError) for one in run(together(GroupCommit(forgetful), disk, 3)))


def test_a_caller_that_goes_away_takes_nobody_along() -> None:
    disk = Disk()
    group = GroupCommit(disk.write)

    async def story() -> list[Any]:
        disk.turns.clear()
        callers = [asyncio.create_task(group.submit(item)) for item in range(3)]
        await asyncio.sleep(0.02)
        callers[1].cancel()
        disk.turns.set()
        return list(await asyncio.gather(*callers, return_exceptions=True))

    first, second, third = run(story())
    assert (first, third) == (0, 20)
    assert isinstance(second, asyncio.CancelledError)


class Broken(Exception):
    """Ends a commit on purpose."""


def test_of_a_commit_that_fails_nothing_is_stored(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real database: the first rows of a batch are written when its end breaks off."""
    body = b"{}"
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    batch = [Delivery("github", "77", f"guid-{number}", {}, body, at) for number in range(5)]
    with Store.open(database_url, origin="test.example/log", runner=True) as store:
        store.migrate()
        group: GroupCommit[Delivery, bool] = GroupCommit(lambda some: store_deliveries(store, some))

        async def send() -> list[Any]:
            return list(await asyncio.gather(*map(group.submit, batch), return_exceptions=True))

        with monkeypatch.context() as patched:
            patched.setattr(UnitOfWork, "enqueue", _broken)
            patched.setattr("workflows.store.jobs.Jobs.enqueue_all", _broken)
            assert all(isinstance(one, Broken) for one in run(send()))
        assert _stored(store) == 0
        assert run(send()) == [True] * 5
        assert run(send()) == [False] * 5
        assert _stored(store) == 5


def _broken(*_: object) -> None:
    raise Broken


def _stored(store: Store) -> int:
    with store.reading() as reads:
        return sum(reads.inbox.counts().values())
