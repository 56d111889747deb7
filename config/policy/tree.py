"""A policy file as values that remember where they stood, and how several files become one."""

from collections.abc import Callable
from dataclasses import dataclass

from config.policy.faults import Path, Place

Scalar = str | int | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A value under its key; `at` is the place of the key."""

    at: Place
    node: "Node"


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the place where it begins."""

    at: Place
    value: "Scalar | tuple[Node, ...] | dict[str, Entry]"

    def plain(self) -> Plain:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        if isinstance(self.value, tuple):
            return [item.plain() for item in self.value]
        return self.value

    def entries(self) -> dict[str, Entry]:
        """The keys of a map; nothing for any other value."""
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> "tuple[Node, ...]":
        """The elements of a list; nothing for any other value."""
        return self.value if isinstance(self.value, tuple) else ()

    def get(self, *path: str | int) -> "Node | None":
        """The node at this path, or None."""
        node: Node | None = self
        for step in path:
            node = None if node is None else _child(node, step)
        return node

    def text(self, key: str) -> "tuple[str, Place] | None":
        """The text under this key, and its place."""
        node = self.get(key)
        return (node.value, node.at) if node is not None and isinstance(node.value, str) else None

    def place(self, path: Path) -> Place:
        """The place of the value at this path, or of the nearest value around it."""
        node = self
        for step in path:
            child = _child(node, step)
            if child is None:
                break
            node = child
        return node.at


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node.value, dict):
        entry = node.value.get(str(step))
        return None if entry is None else entry.node
    if isinstance(node.value, tuple) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


Clash = Callable[[Path, Entry, Entry], None]
"""Called with the path, the first and the second entry where two of them give the same value."""


def merge(base: Node, over: Node, clash: Clash | None = None, path: Path = ()) -> Node:
    """`over` upon `base`: maps merge key by key, every other value and every list is replaced as a whole."""
    if not isinstance(base.value, dict) or not isinstance(over.value, dict):
        return over
    merged = dict(base.value)
    for key, entry in over.value.items():
        below = merged.get(key)
        if below is None:
            merged[key] = entry
            continue
        if clash and not (isinstance(below.node.value, dict) and isinstance(entry.node.value, dict)):
            clash((*path, key), below, entry)
        merged[key] = Entry(entry.at, merge(below.node, entry.node, clash, (*path, key)))
    return Node(over.at, merged)
