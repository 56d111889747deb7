"""How a code host sends webhooks: in the background, one after the other, and some of them get lost."""

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tests.fakes.client import Answer, Transport

D = TypeVar("D")
"""A delivery."""


@dataclass(slots=True, kw_only=True)
class Sending(Generic[D]):
    """The way of deliveries. Subclasses give `send`."""

    lose: int = 0
    """So many of the next deliveries never arrive (as if our service had been down)."""
    held: bool = False
    """Deliveries wait until a test lets them go, in an order of its own (`waiting`)."""
    waiting: list[D] = field(default_factory=list)
    _queue: "queue.Queue[D]" = field(default_factory=queue.Queue)
    _worker: threading.Thread | None = None

    def send(self, delivery: D) -> None:
        """One attempt, now."""
        raise NotImplementedError

    def put(self, delivery: D) -> None:
        """On its way, without waiting for it."""
        if self.held:
            self.waiting.append(delivery)
            return
        self._queue.put(delivery)
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, daemon=True)
            self._worker.start()

    def settle(self) -> None:
        """Wait until everything on its way has arrived or failed."""
        self._queue.join()

    def exchanged(self, transport: Transport, path: str, headers: Mapping[str, str], body: bytes) -> Answer | str:
        """The answer, or why there was none."""
        if self.lose > 0:
            self.lose -= 1
            return "failed to connect to host"
        try:
            return transport(path, headers, body)
        except OSError as error:
            return f"failed to connect to host: {error}"

    def _work(self) -> None:
        while True:
            delivery = self._queue.get()
            try:
                self.send(delivery)
            finally:
                self._queue.task_done()
