"""Many small writes, one commit: requests that arrive together share a transaction.

A commit costs a disk sync; one per request would be the limit of the whole edge. Every caller still waits for the
commit that holds its own row, so that what was acknowledged is on disk.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True)
class GroupCommit(Generic[Item, Result]):
    """Collects items while a commit is under way; the next commit takes them all.

    `write` runs in a worker thread and returns one result per item, in order. When it raises, every waiting caller of
    that batch gets the error, and nothing of the batch is stored.
    """

    write: Callable[[Sequence[Item]], Sequence[Result]]
    most: int = 256
    _waiting: list[tuple[Item, asyncio.Future[Result]]] = field(default_factory=list)
    _running: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Store one item; returns after the commit that holds it."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        while self._waiting:
            # Whoever gave up waiting sends again; a database that is stuck must not collect their bodies.
            wanted = [one for one in self._waiting if not one[1].cancelled()]
            batch, self._waiting = wanted[: self.most], wanted[self.most :]
            if not batch:
                return
            try:
                answers = list(zip(batch, await run_in_threadpool(self.write, _items(batch)), strict=True))
            except Exception as error:  # noqa: BLE001 handed on to every caller, none is swallowed
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), result in answers:
                    if not future.done():
                        future.set_result(result)


def _items(batch: Sequence[tuple[Item, object]]) -> list[Item]:
    return [item for item, _ in batch]
