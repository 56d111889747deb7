"""Requests to erase on their way to the second person."""

from dataclasses import asdict

from sqlalchemy import Connection, select, update

from workflows.errors import Conflict
from workflows.store.insert import insert_into
from workflows.store.rows import ErasureRow
from workflows.store.tables import ERASURE


class ErasureReads:
    """Erasure requests for reading."""

    def __init__(self, connection: Connection) -> None:
        """Within this transaction."""
        self._connection = connection

    def get(self, erasure_id: str) -> ErasureRow | None:
        """One request."""
        row = self._connection.execute(select(ERASURE).where(ERASURE.c.id == erasure_id)).mappings().first()
        return None if row is None else ErasureRow(**row)

    def in_state(self, state: str) -> list[ErasureRow]:
        """All requests in a state, oldest first."""
        query = select(ERASURE).where(ERASURE.c.state == state).order_by(ERASURE.c.requested_at, ERASURE.c.id)
        return [ErasureRow(**row) for row in self._connection.execute(query).mappings()]


class Erasures(ErasureReads):
    """Erasure requests for reading and writing."""

    def request(self, row: ErasureRow) -> None:
        """Store a new request."""
        self._connection.execute(insert_into(self._connection, ERASURE).values(asdict(row)))

    def settle(self, row: ErasureRow, *, from_state: str) -> None:
        """Store the decision. Raises `Conflict` when the request is no longer in `from_state`."""
        values = asdict(row)
        statement = update(ERASURE).where(ERASURE.c.id == row.id, ERASURE.c.state == from_state).values(values)
        if self._connection.execute(statement).rowcount != 1:
            message = f"expected erasure {row.id} to be {from_state}, found another state: it was decided meanwhile"
            raise Conflict(message)
