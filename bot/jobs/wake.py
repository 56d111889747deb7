"""What wakes the runner: a commit of this process, on PostgreSQL also of any other, and a safety poll for the rest."""

import threading
from typing import Final, Protocol

import structlog

from bot.jobs.outage import Outage
from workflows.store.errors import Unavailable
from workflows.store.store import Store

log = structlog.get_logger(__name__)

SAFETY_POLL_SECONDS: Final = 5.0
"""How long a job can lie unseen at most: written by a process beside an SQLite runner, or a notice lost."""
DEAF_POLL_SECONDS: Final = 1.0
"""The same while the connection for notices is down."""
LISTEN_SECONDS: Final = 0.5
"""How long a stop can wait for the listening thread."""


class Wake(Protocol):
    """Wakes the runner."""

    def start(self) -> None:
        """Begin to listen."""

    def wait(self, seconds: float) -> None:
        """Return when something happened since the last return, after the safety poll, or after `seconds`."""

    def set(self) -> None:
        """Something happened. From any thread."""

    def stop(self) -> None:
        """Stop listening."""


class LocalWake:
    """Hears the commits of this process."""

    poll_seconds = SAFETY_POLL_SECONDS

    def __init__(self, store: Store) -> None:
        """Hears the commits of `store`."""
        self._event = threading.Event()
        store.on_jobs(self.set)

    def start(self) -> None:
        """Nothing to do: commits call."""

    def wait(self, seconds: float) -> None:
        """See `Wake`."""
        self._event.wait(max(0.0, min(seconds, self.poll_seconds)))
        self._event.clear()

    def set(self) -> None:
        """See `Wake`."""
        self._event.set()

    def stop(self) -> None:
        """Nothing to do."""


class ListeningWake(LocalWake):
    """Hears the commits of all processes on one PostgreSQL, and polls faster while it cannot."""

    def __init__(self, store: Store) -> None:
        """Hears the commits of this and of other processes."""
        super().__init__(store)
        self._store = store
        self._stopping = threading.Event()
        self._outage = Outage("jobs.listening")
        self._thread = threading.Thread(target=self._listen, name="job-wake", daemon=True)

    def start(self) -> None:
        """Open the connection for notices, in its own thread."""
        self._thread.start()

    def stop(self) -> None:
        """Close it. Takes up to half a second."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._hear()
            except Unavailable as error:
                self._be_deaf(str(error))
            except Exception:
                # The thread outlives what nobody foresaw; without it every job would wait for the poll.
                log.exception("jobs.listening_failed")
                self._be_deaf("see above")

    def _be_deaf(self, reason: str) -> None:
        self._outage.begins(reason)
        self.poll_seconds = DEAF_POLL_SECONDS
        self.set()
        self._stopping.wait(DEAF_POLL_SECONDS)

    def _hear(self) -> None:
        with self._store.listening() as ear:
            self._outage.is_over()
            self.poll_seconds = SAFETY_POLL_SECONDS
            self.set()  # for whatever was written while nobody listened
            while not self._stopping.is_set():
                if ear.wait(LISTEN_SECONDS):
                    self.set()


def wake_for(store: Store) -> Wake:
    """The right one for the database."""
    return LocalWake(store) if store.is_sqlite else ListeningWake(store)
