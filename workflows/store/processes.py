"""The processes that serve this database: each announces itself and says from time to time that it is still there."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection

from workflows.store.links import LinkReads, Links
from workflows.store.shared_clock import shared_now

SCOPE: Final = "process"
"""Link scope: id of a process → what it says of itself."""
MISSED: Final = 3
"""So many signs of life in a row have to be missing before a process counts as gone."""
KEPT: Final = timedelta(days=7)
"""How long one is shown that is gone; the last one stays longer: it tells since when nobody served."""


class ProcessState(StrEnum):
    """What a process said last. One that was killed says nothing: see `ProcessRow.is_alive`."""

    SERVING = "serving"
    LEAVING = "leaving"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRow:
    """One process. `seen` is its last sign of life, which it gives every `every` seconds; by the database's clock."""

    id: str
    host: str
    pid: int
    version: str
    policy: str
    """SHA-256 of the policy it decides by."""
    every: float
    started: datetime
    seen: datetime
    state: ProcessState = ProcessState.SERVING

    def is_alive(self, now: datetime) -> bool:
        """Whether it said so lately, and has not said good-bye."""
        return self.state is not ProcessState.ENDED and now - self.seen <= timedelta(seconds=self.every) * MISSED


class ProcessReads:
    """Processes for reading."""

    def __init__(self, connection: Connection) -> None:
        """Within this transaction."""
        self._connection = connection
        self._links = LinkReads(connection)

    def all(self) -> list[ProcessRow]:
        """Every process that is remembered, the one seen last first."""
        rows = [_row(value) for value in self._links.of(SCOPE).values()]
        return sorted(rows, key=lambda row: row.seen, reverse=True)

    def alive(self, now: datetime) -> list[ProcessRow]:
        """Those at work. `now` counts where the database has no clock of its own."""
        moment = shared_now(self._connection, now)
        return [row for row in self.all() if row.is_alive(moment)]


class Processes(ProcessReads):
    """Processes for reading and writing."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime]) -> None:
        """Within this transaction."""
        super().__init__(connection)
        self._clock = clock
        self._written = Links(connection)

    def announce(self, row: ProcessRow) -> ProcessRow:
        """Say that this process is there, in this state. Returns the row with the time of the database."""
        now = self._now()
        seen = replace(row, seen=now)
        self._written.put(SCOPE, row.id, json.dumps(asdict(seen), default=datetime.isoformat))
        return seen

    def forget(self) -> None:
        """Remove those gone for long, but never the one seen last."""
        now = self._now()
        for row in self.all()[1:]:
            if now - row.seen > KEPT:
                self._written.remove(SCOPE, row.id)

    def _now(self) -> datetime:
        return shared_now(self._connection, self._clock())


def _row(text: str) -> ProcessRow:
    told: dict[str, Any] = json.loads(text)
    moments = {name: datetime.fromisoformat(told[name]) for name in ("started", "seen")}
    return ProcessRow(**{**told, **moments, "state": ProcessState(told["state"])})
