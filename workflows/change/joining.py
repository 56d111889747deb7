"""Joining facts: each operation is commutative, associative and idempotent, so order and repetition do not matter."""

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from workflows.change.seen import Fact

NEVER: Final = datetime.min.replace(tzinfo=UTC)
"""Before everything that was ever told."""

Item = TypeVar("Item", bound=Fact)


def union(items: Iterable[Item], key: Callable[[Item], Hashable], rank: Callable[[Item], Any]) -> tuple[Item, ...]:
    """For each key the greatest item, in the order of the keys."""
    best: dict[Any, Item] = {}
    for item in items:
        place = key(item)
        best[place] = item if place not in best else max(best[place], item, key=rank)
    return tuple(best[place] for place in sorted(best))


def greater(known: Item | None, told: Item, rank: Callable[[Item], Any]) -> Item:
    """The greater of the two."""
    return told if known is None else max(known, told, key=rank)


def text(item: Fact) -> str:
    """Total order of last resort, the same on every machine."""
    return item.model_dump_json()


def altered(item: Item, **parts: object) -> Item:
    """The item with other parts."""
    return item.model_copy(update=parts)
