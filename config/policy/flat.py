"""A policy as flat leaves with stable names, so that two of them can be laid side by side."""

from collections.abc import Iterator
from typing import Final

from pydantic import JsonValue

from config.policy.models import Policy

_NAMES: Final = ("id", "match", "name", "tool")
_ABOUT: Final = ("branches", "kinds")

Leaf = str | int | bool | None | tuple[str, ...]


def flatten(policy: Policy) -> dict[str, Leaf]:
    """Every value by its path, such as `severity.targets.S1.contain_minutes`; `people[anna].roles` within a list.

    The names of a list of things stand under `people[]`; an empty list has no path.
    """
    return dict(_leaves(policy.model_dump(mode="json"), ""))


def _leaves(value: JsonValue, path: str) -> Iterator[tuple[str, Leaf]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield from _list(value, path)
    else:
        yield path, _leaf(value)


def _list(items: list[JsonValue], path: str) -> Iterator[tuple[str, Leaf]]:
    named = [item for item in items if isinstance(item, dict)]
    if not named:
        if items:
            yield path, tuple(map(str, items))
        return
    names = [_name(item, index) for index, item in enumerate(named)]
    yield f"{path}[]", tuple(names)
    for name, item in zip(names, named, strict=True):
        yield from _leaves(item, f"{path}[{name}]")


def _name(item: dict[str, JsonValue], index: int) -> str:
    """What people call the item; rules without a name go by their place."""
    parts = [str(item[key]) for key in _NAMES if isinstance(item.get(key), str)][:1]
    # Several rules for one pattern differ by what they are about; two of one name would hide each other.
    parts += [
        ",".join(map(str, about)) for key in _ABOUT if "match" in item and isinstance(about := item.get(key), list)
    ]
    return " ".join(parts) or str(index + 1)


def _leaf(value: JsonValue) -> Leaf:
    return value if isinstance(value, str | int) or value is None else str(value)
