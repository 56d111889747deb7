"""A process's sign of life: announced at the start, repeated, taken back at the end."""

import os
import socket
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot import __version__
from bot.jobs.outage import Outage
from bot.replicas.holder import Holder
from workflows.errors import WachbuchError
from workflows.store.errors import Unavailable
from workflows.store.leases import CHECKPOINT
from workflows.store.processes import ProcessRow, ProcessState
from workflows.store.store import Store

log = structlog.get_logger(__name__)

ALONE: Final = timedelta(minutes=1)
"""Between two signs on SQLite, where nobody else can be there: they tell a later start since when nobody served."""
AMONG_OTHERS: Final = timedelta(seconds=5)
LEASE: Final = timedelta(seconds=15)
"""How long after its last sign a process keeps what only one may hold: three signs, as for its life."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a process shows itself, and how long its lease outlives the last time."""

    every: timedelta
    lease: timedelta


def rhythm_for(store: Store) -> Rhythm:
    """On SQLite the lock of the file says who is there; the lease only has to last from sign to sign."""
    return Rhythm(ALONE, ALONE * 3) if store.is_sqlite else Rhythm(AMONG_OTHERS, LEASE)


@dataclass(slots=True)
class Presence:
    """This process among those that serve one database. `may_sign`: it has the key, so it may hold the lease."""

    store: Store
    id: str
    policy: str
    started: datetime
    may_sign: bool
    rhythm: Rhythm
    others: int = 0
    """How many others were serving at the last look."""
    signer: Holder = field(init=False)
    _row: ProcessRow = field(init=False)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None
    _outage: Outage = field(default_factory=lambda: Outage("presence.database"))

    def __post_init__(self) -> None:
        """Says nothing yet."""
        self.signer = Holder(self.store, CHECKPOINT, self.id, self.rhythm.lease)
        self._row = ProcessRow(
            id=self.id, host=socket.gethostname(), pid=os.getpid(), version=__version__, policy=self.policy,
            every=self.rhythm.every.total_seconds(), started=self.started, seen=self.started,
        )  # fmt: skip

    @property
    def is_unseen(self) -> bool:
        """Whether the last sign could not be written: the database can be read perhaps, but takes nothing."""
        return self._outage.lasts

    def start(self) -> None:
        """Announce this process, then keep showing it. Raises `Unavailable`."""
        self.show()
        self._thread = threading.Thread(target=self._loop, name="presence", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Say that this process takes nothing new any more, and let another one sign."""
        with self._guard:
            self._row = replace(self._row, state=ProcessState.LEAVING)
        self._try_to_show()

    def stop(self) -> None:
        """Say good-bye. What could not be said shows by the missing signs."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self._row = replace(self._row, state=ProcessState.ENDED)
        self._try_to_show()

    def show(self) -> None:
        """Give a sign of life, look who else is there, and keep the lease. Raises `Unavailable`."""
        with self._guard:
            with self.store.transaction() as uow:
                uow.jobs.relax()
                seen = uow.processes.announce(self._row)
                uow.processes.forget()
                alive = uow.processes.alive(seen.seen)
            self.others = sum(row.id != self.id and row.state is ProcessState.SERVING for row in alive)
            if self._row.state is not ProcessState.SERVING:
                self.signer.release()
            elif self.may_sign:
                self.signer.turn()

    def _loop(self) -> None:
        while not self._stopping.wait(self._pause()):
            self._try_to_show()

    def _pause(self) -> float:
        """What could not be said is tried again sooner."""
        every = min(self.rhythm.every, AMONG_OTHERS) if self.is_unseen else self.rhythm.every
        return every.total_seconds()

    def _try_to_show(self) -> None:
        try:
            self.show()
        except Unavailable as error:
            self._outage.begins(str(error))
        except WachbuchError as error:
            log.warning("presence.not_shown", error=str(error))
        except Exception:
            # The thread outlives what nobody foresaw: without it this process would count as gone.
            log.exception("presence.failed")
        else:
            self._outage.is_over()
