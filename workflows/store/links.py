"""Which outside object belongs to which of ours: Slack channels and messages, comments, check runs."""

from collections.abc import Iterable

from sqlalchemy import Connection, and_, delete, select

from workflows.store.edge_tables import is_short
from workflows.store.insert import insert_into
from workflows.store.tables import LINK


class LinkReads:
    """Links for reading."""

    def __init__(self, connection: Connection) -> None:
        """Within this transaction."""
        self._connection = connection

    def get(self, scope: str, key: str) -> str | None:
        """The value of a link, None where there is none."""
        query = select(LINK.c.value).where(LINK.c.scope == scope, LINK.c.key == key)
        value: str | None = self._connection.scalar(query)
        return value

    def keys_of(self, scope: str, value: str) -> list[str]:
        """The keys that lead to this value, an id of at most 500 characters: from a channel back to its case."""
        found = and_(LINK.c.scope == scope, LINK.c.value == value, is_short(LINK))
        return list(self._connection.scalars(select(LINK.c.key).where(found).order_by(LINK.c.key)))

    def of(self, scope: str) -> dict[str, str]:
        """All links of a scope."""
        query = select(LINK.c.key, LINK.c.value).where(LINK.c.scope == scope).order_by(LINK.c.key)
        return {row.key: row.value for row in self._connection.execute(query)}

    def some(self, scope: str, keys: Iterable[str]) -> dict[str, str]:
        """Those of these links that are set."""
        query = select(LINK.c.key, LINK.c.value).where(LINK.c.scope == scope, LINK.c.key.in_(tuple(keys)))
        return {row.key: row.value for row in self._connection.execute(query)}

    def below(self, scope: str, key: str, limit: int) -> list[tuple[str, str]]:
        """The links of a scope whose keys stand before this one, the nearest first. Keys of digits sort everywhere."""
        query = select(LINK.c.key, LINK.c.value).where(LINK.c.scope == scope, LINK.c.key < key)
        return [
            (row.key, row.value) for row in self._connection.execute(query.order_by(LINK.c.key.desc()).limit(limit))
        ]

    def above(self, scope: str, key: str, limit: int) -> list[tuple[str, str]]:
        """The links of a scope whose keys stand after this one, the nearest first."""
        above = select(LINK.c.key, LINK.c.value).where(LINK.c.scope == scope, LINK.c.key > key)
        query = above.order_by(LINK.c.key).limit(limit)
        return [(row.key, row.value) for row in self._connection.execute(query)]


class Links(LinkReads):
    """Links for reading and writing."""

    def put(self, scope: str, key: str, value: str) -> None:
        """Set a link, whatever it was."""
        statement = insert_into(self._connection, LINK).values(scope=scope, key=key, value=value)
        replaced = statement.on_conflict_do_update(index_elements=[LINK.c.scope, LINK.c.key], set_={"value": value})
        self._connection.execute(replaced)

    def add(self, scope: str, key: str, value: str) -> bool:
        """Set a link that is not set yet. False, and nothing changed, where there is one."""
        statement = insert_into(self._connection, LINK).values(scope=scope, key=key, value=value)
        return self._connection.execute(statement.on_conflict_do_nothing()).rowcount == 1

    def take(self, scope: str, key: str) -> str | None:
        """Remove a link and get its value; None where there is none. Of several at once exactly one gets it."""
        taken = delete(LINK).where(LINK.c.scope == scope, LINK.c.key == key).returning(LINK.c.value)
        value: str | None = self._connection.scalar(taken)
        return value

    def remove(self, scope: str, key: str) -> None:
        """Remove a link; nothing happens where there is none."""
        self._connection.execute(delete(LINK).where(LINK.c.scope == scope, LINK.c.key == key))
