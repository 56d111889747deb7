"""Storing deliveries: inbox rows and their jobs, many in one commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workflows.store.rows import JobDraft
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

INBOX_JOB: Final = "inbox.process"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery, verified but not yet understood. `delivery_id` is opaque."""

    source: str
    hook: str
    delivery_id: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


def store_deliveries(store: Store, batch: Sequence[Delivery]) -> list[bool]:
    """All of a batch in one transaction. True for new ones, False for those seen before."""
    with store.transaction() as uow:
        return [accept(uow, delivery) for delivery in batch]


def accept(uow: UnitOfWork, delivery: Delivery) -> bool:
    """The inbox row, and the job that works it off. False when it was stored before."""
    inbox_id = uow.inbox.accept(
        delivery.source, delivery.hook, delivery.delivery_id, delivery.headers, delivery.body, delivery.received_at
    )
    if inbox_id is None:
        return False
    uow.jobs.enqueue(JobDraft(INBOX_JOB, "", f"inbox:{inbox_id}", {"inbox": inbox_id}))
    return True
