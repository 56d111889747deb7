"""Who signs checkpoints: one process at a time, of those that have the key."""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from workflows.store.leases import Lease
from workflows.store.store import Store

log = structlog.get_logger(__name__)


class Holder:
    """Takes a lease, keeps it by `turn`, and knows when it may have lost it.

    `held` tells whether to begin. Whatever is done under the lease is done in a transaction that presents it first
    (`uow.leases.require(lease)`): a process that was stopped in between may believe in a lease that another has by now.
    """

    def __init__(
        self, store: Store, name: str, owner: str, length: timedelta, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Holds nothing yet. `owner` is unique per process; `length` is how long the lease outlives its last turn."""
        self._store = store
        self._name = name
        self._owner = owner
        self._length = length
        self._monotonic = monotonic
        self._lease: Lease | None = None
        self._until = 0.0

    @property
    def held(self) -> Lease | None:
        """The lease, as long as it has surely not ended."""
        return self._lease if self._monotonic() < self._until else None

    def turn(self) -> Lease | None:
        """Take the lease or prolong it; None while somebody else has it. Raises `Unavailable`."""
        began = self._monotonic()  # before the database counts, so that ours ends first
        alone = self._store.is_sqlite
        lease = self._store.retrying(lambda uow: uow.leases.take(self._name, self._owner, self._length, alone=alone))
        self._tell(self._lease, lease)
        self._lease = lease
        self._until = began + self._length.total_seconds() if lease else 0.0
        return lease

    def release(self) -> None:
        """Let another one have it at once. Raises `Unavailable`."""
        lease, self._lease, self._until = self._lease, None, 0.0
        if lease is not None:
            self._store.retrying(lambda uow: uow.leases.release(lease))
            log.info("lease.released", lease=lease.name, number=lease.fence)

    def _tell(self, before: Lease | None, lease: Lease | None) -> None:
        if lease is not None and (before is None or before.fence != lease.fence):
            log.info("lease.taken", lease=lease.name, number=lease.fence)
        if before is not None and lease is None:
            log.warning("lease.lost", lease=before.name, number=before.fence)
