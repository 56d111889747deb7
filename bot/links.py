"""The links table as callers without a transaction see it: each write is one of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflows.store.store import Store


@dataclass(frozen=True, slots=True)
class StoredLinks:
    """Small facts by scope and key."""

    store: Store

    def get(self, scope: str, key: str) -> str | None:
        """The value, None when there is none."""
        with self.store.reading() as reads:
            return reads.links.get(scope, key)

    def some(self, scope: str, keys: Iterable[str]) -> dict[str, str]:
        """Those of a scope with one of these keys."""
        with self.store.reading() as reads:
            return reads.links.some(scope, keys)

    def keys_of(self, scope: str, value: str) -> list[str]:
        """The keys of a scope that have this value."""
        with self.store.reading() as reads:
            return reads.links.keys_of(scope, value)

    def put(self, scope: str, key: str, value: str) -> None:
        """Set or replace the value."""
        with self.store.transaction() as uow:
            uow.links.put(scope, key, value)

    def remove(self, scope: str, key: str) -> None:
        """Remove the value; nothing happens where there is none."""
        with self.store.transaction() as uow:
            uow.links.remove(scope, key)
