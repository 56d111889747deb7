"""Deliveries from outside: stored before they are answered, each once, worked off by jobs."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from workflows.store.insert import insert_into
from workflows.store.rows import Delivery, InboxId, InboxRow, InboxState
from workflows.store.tables import INBOX


class InboxReads:
    """Deliveries for reading."""

    def __init__(self, connection: Connection) -> None:
        """Within this transaction."""
        self._connection = connection

    def get(self, inbox_id: InboxId) -> InboxRow | None:
        """One delivery."""
        row = self._connection.execute(select(INBOX).where(INBOX.c.id == inbox_id)).first()
        return None if row is None else _to_row(row)

    def counts(self) -> dict[InboxState, int]:
        """How many deliveries are in which state."""
        query = select(INBOX.c.state, func.count()).group_by(INBOX.c.state)
        return {InboxState(state): count for state, count in self._connection.execute(query)}

    def oldest_waiting(self) -> datetime | None:
        """When the oldest delivery arrived that nobody has worked off."""
        query = select(func.min(INBOX.c.received_at, type_=INBOX.c.received_at.type))
        moment: datetime | None = self._connection.scalar(query.where(INBOX.c.state == InboxState.RECEIVED))
        return moment


class Inbox(InboxReads):
    """Deliveries for reading and writing."""

    def accept(self, deliveries: Sequence[Delivery]) -> list[InboxId | None]:
        """Store deliveries, in as few statements as the database takes; one result each, in order.

        None where this `(source, hook, delivery_id)` was stored before, or came earlier among these: nothing to do.
        """
        if not deliveries:
            return []
        statement = insert_into(self._connection, INBOX).on_conflict_do_nothing()
        stored = self._connection.execute(
            statement.returning(INBOX.c.id, INBOX.c.source, INBOX.c.hook, INBOX.c.delivery_id),
            [_values(one) for one in deliveries],
        )
        fresh = {(row.source, row.hook, row.delivery_id): InboxId(row.id) for row in stored}
        return [fresh.pop((one.source, one.hook, one.delivery_id), None) for one in deliveries]

    def mark(self, inbox_id: InboxId, state: InboxState, note: str = "") -> None:
        """Say what became of a delivery. `note` is a short code for operators, never content."""
        self._connection.execute(update(INBOX).where(INBOX.c.id == inbox_id).values(state=state, note=note))

    def clear_before(self, moment: datetime) -> int:
        """Remove the bodies of settled deliveries that arrived before; returns how many."""
        return self._clear(INBOX.c.received_at < moment, INBOX.c.state != InboxState.RECEIVED)

    def clear_settled(self) -> int:
        """Remove the bodies of all settled deliveries: an erasure cannot tell which of them name the person."""
        return self._clear(INBOX.c.state != InboxState.RECEIVED)

    def clear(self, inbox_ids: Iterable[InboxId]) -> int:
        """Remove the bodies of these deliveries."""
        return self._clear(INBOX.c.id.in_(list(inbox_ids)))

    def _clear(self, *conditions: ColumnElement[bool]) -> int:
        statement = update(INBOX).where(INBOX.c.body.is_not(None), *conditions).values(body=None, headers="{}")
        return self._connection.execute(statement).rowcount


def _values(delivery: Delivery) -> dict[str, Any]:
    return {
        "source": delivery.source,
        "hook": delivery.hook,
        "delivery_id": delivery.delivery_id,
        "headers": json.dumps(dict(delivery.headers), sort_keys=True),
        "body": delivery.body,
        "state": InboxState.RECEIVED,
        "note": "",
        "received_at": delivery.received_at,
    }


def _to_row(row: Row[Any]) -> InboxRow:
    return InboxRow(
        id=InboxId(row.id),
        source=row.source,
        hook=row.hook,
        delivery_id=row.delivery_id,
        headers=json.loads(row.headers),
        body=row.body,
        state=InboxState(row.state),
        note=row.note,
        received_at=row.received_at,
    )
