"""What only one process may do at a time: a lease with a number that grows with every holder.

A row, not a lock of the session: a process that is stopped keeps its connection, and with it such a lock, for as long
as it is stopped. The lease ends by the database's clock. Who held it may wake up later and believe that it still does:
so whatever the lease protects is done in a transaction that presents the number (`require`), which no newer holder can
overtake.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, text

from workflows.errors import WachbuchError
from workflows.store.links import LinkReads, Links
from workflows.store.shared_clock import shared_now
from workflows.store.tables import LINK

SCOPE: Final = "lease"
"""Link scope: name of a lease → its holder, number and end."""
CHECKPOINT: Final = "checkpoint"
"""The lease of whoever signs checkpoints of the ledger."""
_IDLE_MILLISECONDS: Final = 10_000
"""How long whoever holds the row may say nothing to the database."""
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class LeaseLost(WachbuchError):
    """Somebody else holds the lease by now, or it ended; nothing was done under it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """`holder` may until `until`. `fence` is larger than that of every holder before."""

    name: str
    holder: str
    fence: int
    until: datetime


class LeaseReads:
    """Leases for reading."""

    def __init__(self, connection: Connection) -> None:
        """Within this transaction."""
        self._connection = connection

    def get(self, name: str, now: datetime) -> Lease | None:
        """Who holds it, None when nobody does. `now` counts where the database has no clock of its own."""
        found = LinkReads(self._connection).get(SCOPE, name)
        lease = _lease(name, found) if found else None
        return lease if lease and lease.until > shared_now(self._connection, now) else None


class Leases(LeaseReads):
    """Leases for reading and writing. Every change holds the row until the transaction ends."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime]) -> None:
        """Within this transaction."""
        super().__init__(connection)
        self._clock = clock
        self._links = Links(connection)

    def take(self, name: str, holder: str, length: timedelta, *, alone: bool = False) -> Lease | None:
        """Take what is free, or prolong what `holder` has. None: somebody else has it.

        `alone`: nobody else can be there, so that what a dead process left is free at once (the runner of a file).
        """
        found, now = self._hold(name)
        if found.holder == holder:
            return self._put(Lease(name, holder, found.fence, now + length))
        if found.until > now and not alone:
            return None
        return self._put(Lease(name, holder, found.fence + 1, now + length))

    def require(self, lease: Lease) -> None:
        """Go on only while the lease holds; nobody takes it over before this transaction ends. Raises `LeaseLost`."""
        found, now = self._hold(lease.name)
        if (found.holder, found.fence) != (lease.holder, lease.fence) or found.until <= now:
            message = (
                f"expected {lease.name} held by {lease.holder} as number {lease.fence}, found number {found.fence}"
            )
            raise LeaseLost(message)

    def release(self, lease: Lease) -> None:
        """Give it back before its end; nothing happens when it is lost already."""
        found, _ = self._hold(lease.name)
        if (found.holder, found.fence) == (lease.holder, lease.fence):
            self._put(Lease(lease.name, "", lease.fence, _EVER))

    def _hold(self, name: str) -> tuple[Lease, datetime]:
        """The row, locked, and the time after the wait for it."""
        if self._connection.dialect.name == "postgresql":
            # A process that is stopped in the middle would keep the row locked; its session is ended by the server.
            self._connection.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {_IDLE_MILLISECONDS}"))
        self._links.add(SCOPE, name, _written(Lease(name, "", 0, _EVER)))
        query = select(LINK.c.value).where(LINK.c.scope == SCOPE, LINK.c.key == name).with_for_update()
        found = _lease(name, self._connection.execute(query).scalar_one())
        return found, shared_now(self._connection, self._clock())

    def _put(self, lease: Lease) -> Lease:
        self._links.put(SCOPE, lease.name, _written(lease))
        return lease


def _written(lease: Lease) -> str:
    return json.dumps({"holder": lease.holder, "fence": lease.fence, "until": lease.until.isoformat()})


def _lease(name: str, value: str) -> Lease:
    told = json.loads(value)
    return Lease(name, told["holder"], told["fence"], datetime.fromisoformat(told["until"]))
