"""The writers' turn inside one process. SQLite's own waiting sleeps in growing steps and is unfair; this is a queue."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, get_ident
from typing import Final

from workflows.errors import Conflict

PATIENCE_SECONDS: Final = 30.0


class FairMutex:
    """Lets one thread in at a time, in order of arrival."""

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """A free mutex. `patience_seconds` is how long a thread waits before it gives up."""
        self._patience = patience_seconds
        self._guard = Lock()
        self._waiting: deque[Event] = deque()
        self._holder: int | None = None

    @property
    def waiting(self) -> int:
        """How many threads wait for their turn."""
        return len(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn and hold it.

        Raises `Conflict` when the wait takes too long, and RuntimeError when this thread holds the turn already:
        a transaction inside a transaction would wait for itself.
        """
        self._acquire()
        try:
            yield
        finally:
            self._release()

    def _acquire(self) -> None:
        if self._holder == get_ident():
            message = "expected no open transaction in this thread, found one"
            raise RuntimeError(message)
        ticket = Event()
        with self._guard:
            if self._holder is None and not self._waiting:
                self._holder = get_ident()
                return
            self._waiting.append(ticket)
        if not ticket.wait(self._patience) and not self._withdrawn(ticket):
            message = f"expected a turn to write within {self._patience:g} s, found another writer still busy"
            raise Conflict(message)
        self._holder = get_ident()

    def _withdrawn(self, ticket: Event) -> bool:
        """Leave the queue. True when the turn came in the very last moment, and is ours after all."""
        with self._guard:
            if ticket.is_set():
                return True
            self._waiting.remove(ticket)
            return False

    def _release(self) -> None:
        with self._guard:
            self._holder = None
            if self._waiting:
                self._holder = -1  # handed over, so that no newcomer slips in before the thread wakes
                self._waiting.popleft().set()
