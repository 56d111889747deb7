"""A process that acts under the lease whenever it holds it: `python -m tests.contracts.signer <url>`; ends with stdin.

Each act is a row with the number of the lease, written in the transaction that presents it, so that the database itself
knows in which order they happened.
"""

import os
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot.replicas.holder import Holder
from tests.contracts.rig import ORIGIN
from workflows.errors import WachbuchError
from workflows.store.leases import CHECKPOINT, Lease
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

LEASE: Final = timedelta(seconds=1)
TURN_SECONDS: Final = 0.3
ACTS: Final = "act"


def act(uow: UnitOfWork, lease: Lease) -> None:
    """One act, after all earlier ones."""
    uow.leases.require(lease)
    number = int(uow.links.get(ACTS, "count") or 0) + 1
    uow.links.put(ACTS, "count", str(number))
    uow.links.put(ACTS, f"{number:08d}", f"{os.getpid()} {lease.fence}")


def keep(holder: Holder) -> None:
    while True:
        with suppress(WachbuchError):
            holder.turn()
        time.sleep(TURN_SECONDS)


def work(store: Store, holder: Holder) -> None:
    while True:
        if (lease := holder.held) is not None:
            with suppress(WachbuchError), store.transaction() as uow:
                act(uow, lease)
        time.sleep(0.02)


if __name__ == "__main__":
    with Store.open(sys.argv[1], origin=ORIGIN, runner=True) as opened:
        own = Holder(opened, CHECKPOINT, str(os.getpid()), LEASE)
        threading.Thread(target=keep, args=(own,), daemon=True).start()
        threading.Thread(target=work, args=(opened, own), daemon=True).start()
        sys.stdin.read()
        os._exit(0)
