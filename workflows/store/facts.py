"""What the forges told last. Writing is optimistic: two deliveries about one request cannot overwrite each other."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, update

from workflows.errors import Conflict
from workflows.store.insert import insert_into
from workflows.store.rows import FactRow
from workflows.store.tables import FACT

_MOST_KEYS: Final = 500
"""In one question; both databases take more."""


class FactReads:
    """Facts for reading."""

    def __init__(self, connection: Connection) -> None:
        """Within this transaction."""
        self._connection = connection

    def get(self, scope: str, key: str) -> FactRow | None:
        """One fact, None when nothing was told yet."""
        found = self._where(FACT.c.scope == scope, FACT.c.key == key)
        return found[0] if found else None

    def some(self, scope: str, keys: Iterable[str]) -> dict[str, FactRow]:
        """Those of these facts that exist, by their keys."""
        wanted = list(dict.fromkeys(keys))
        parts = (wanted[start : start + _MOST_KEYS] for start in range(0, len(wanted), _MOST_KEYS))
        found = (self._where(FACT.c.scope == scope, FACT.c.key.in_(part)) for part in parts)
        return {row.key: row for rows in found for row in rows}

    def by_head(self, repository: str, head: str) -> list[FactRow]:
        """The facts of a repository whose head is this commit."""
        return self._where(FACT.c.repository == repository, FACT.c.head == head)

    def by_repository(self, repository: str) -> list[FactRow]:
        """All facts of a repository."""
        return self._where(FACT.c.repository == repository)

    def by_case(self, case_id: UUID) -> list[FactRow]:
        """The facts that belong to a case."""
        return self._where(FACT.c.case_id == case_id)

    def by_scope(self, scope: str) -> list[FactRow]:
        """All facts of a scope."""
        return self._where(FACT.c.scope == scope)

    def _where(self, *conditions: ColumnElement[bool]) -> list[FactRow]:
        query = select(FACT).where(*conditions).order_by(FACT.c.scope, FACT.c.key)
        return [FactRow(**row) for row in self._connection.execute(query).mappings()]


class Facts(FactReads):
    """Facts for reading and writing."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime]) -> None:
        """Within this transaction; `clock` stamps what is written."""
        super().__init__(connection)
        self._clock = clock

    def put(
        self,
        scope: str,
        key: str,
        doc: bytes,
        *,
        expected_version: int,
        repository: str = "",
        head: str = "",
        case_id: UUID | None = None,
    ) -> int:
        """Store a fact and return its new version. `expected_version` is the one read, 0 where there was none.

        Raises `Conflict` when the stored version is another.
        """
        values: dict[str, Any] = {
            "doc": doc,
            "repository": repository,
            "head": head,
            "case_id": case_id,
            "version": expected_version + 1,
            "updated_at": self._clock(),
        }
        key_values = {"scope": scope, "key": key}
        written = self._change(key_values, values) if expected_version else self._add(key_values | values)
        if written != 1:
            message = f"expected {scope} {key} at version {expected_version}, found another: it was changed meanwhile"
            raise Conflict(message)
        return expected_version + 1

    def _add(self, values: dict[str, Any]) -> int:
        statement = insert_into(self._connection, FACT).values(values)
        return self._connection.execute(statement.on_conflict_do_nothing()).rowcount

    def _change(self, key: dict[str, str], values: dict[str, Any]) -> int:
        unchanged = FACT.c.version == values["version"] - 1
        statement = update(FACT).where(FACT.c.scope == key["scope"], FACT.c.key == key["key"], unchanged)
        return self._connection.execute(statement.values(values)).rowcount
