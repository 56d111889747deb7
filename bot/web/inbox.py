"""Storing deliveries: inbox rows and their jobs, many in one commit."""

from collections.abc import Sequence
from typing import Final

from workflows.store.rows import Delivery, JobDraft
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

INBOX_JOB: Final = "inbox.process"


def store_deliveries(store: Store, batch: Sequence[Delivery]) -> list[bool]:
    """All of a batch in one transaction. True for new ones, False for those seen before.

    Tried again when another writer got in between: a forge may never send again what we failed to store.
    """
    return store.retrying(lambda uow: accept(uow, batch))


def accept(uow: UnitOfWork, batch: Sequence[Delivery]) -> list[bool]:
    """The inbox rows, and the jobs that work them off. False for a delivery that was stored before."""
    ids = uow.inbox.accept(batch)
    jobs = [JobDraft(INBOX_JOB, "", f"inbox:{one}", {"inbox": one}) for one in ids if one is not None]
    uow.jobs.enqueue_all(jobs)
    return [one is not None for one in ids]
