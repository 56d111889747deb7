"""Reads one YAML file without YAML 1.1's surprises.

Unquoted `true`, `false`, `null` and decimal integers mean what they say; all else is text, so `no`, `22:30`, `0123`
and dates stay as typed. Anchors, aliases, tags and duplicate keys are faults.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from config.policy.faults import Fault, Path, Place
from config.policy.tree import Entry, Node, Scalar

MAX_BYTES = 1_000_000
MAX_DEPTH = 24

_INTEGER = re.compile(r"-?[1-9][0-9]{0,17}|0", re.ASCII)
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}


class _TooDeep(Exception):
    """Nesting beyond any meaningful policy; ends the reading of a file."""


def scalar(text: str) -> Scalar:
    """The meaning of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def read(file: str, content: bytes) -> tuple[Node | None, tuple[Fault, ...]]:
    """The tree of a file with all faults found. None where no tree could be made; an empty file is an empty map."""
    start = Place(file)
    if len(content) > MAX_BYTES:
        return None, (Fault.at(start, "too_large", limit=str(MAX_BYTES)),)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, (Fault.at(start, "not_utf8"),)
    builder = _Builder(file, iter(()))
    try:
        builder.events = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        tree = builder.document()
    except _TooDeep:
        return None, tuple(builder.faults)
    except yaml.YAMLError as error:
        return None, (*builder.faults, _syntax(start, text, error))
    return tree, tuple(builder.faults)


def _syntax(start: Place, text: str, error: yaml.YAMLError) -> Fault:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return Fault.at(Place.of(start.file, error.problem_mark), "syntax", reason=str(error.problem))
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position].split("\n")
        return Fault.at(Place(start.file, len(before), len(before[-1]) + 1), "syntax", reason=error.reason)
    return Fault.at(start, "syntax", reason=type(error).__name__)


@dataclass(slots=True)
class _Builder:
    """Builds nodes from parse events and keeps every fault on the way."""

    file: str
    events: Iterator[yaml.Event]
    faults: list[Fault] = field(default_factory=list)

    def document(self) -> Node | None:
        """The only document of the stream."""
        root: Node | None = None
        for event in self.events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            if root is not None:
                self.faults.append(Fault.at(self._place(event), "syntax", reason="more than one document"))
                return root
            root = self._node(next(self.events), ())
        return self._map_only(root)

    def _map_only(self, root: Node | None) -> Node | None:
        if root is None or root.value is None:
            return Node(Place(self.file), {})
        if not isinstance(root.value, dict):
            self.faults.append(Fault.at(root.at, "not_a_map"))
            return None
        return root

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place.of(self.file, mark) if mark is not None else Place(self.file)

    def _node(self, event: yaml.Event, path: Path) -> Node:
        at = self._place(event)
        self._refuse_extras(event, at, path)
        if len(path) > MAX_DEPTH:
            self.faults.append(Fault.at(at, "too_deep", path))
            raise _TooDeep
        if isinstance(event, yaml.ScalarEvent):
            return Node(at, scalar(event.value) if event.style is None else event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(at, self._sequence(path))
        if isinstance(event, yaml.MappingStartEvent):
            return Node(at, self._mapping(path))
        return Node(at, None)

    def _refuse_extras(self, event: yaml.Event, at: Place, path: Path) -> None:
        if getattr(event, "anchor", None) is not None:
            self.faults.append(Fault.at(at, "alias", path))
        if getattr(event, "tag", None) is not None:
            self.faults.append(Fault.at(at, "tag", path))

    def _sequence(self, path: Path) -> tuple[Node, ...]:
        found: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._node(event, (*path, len(found))))
        return tuple(found)

    def _mapping(self, path: Path) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            at = self._place(event)
            key = self._key(event, at, path)
            node = self._node(next(self.events), (*path, key or "?"))
            if key is None:
                continue
            if key in found:
                self.faults.append(Fault.at(at, "duplicate_key", (*path, key), first=str(found[key].at)))
            else:
                found[key] = Entry(at, node)
        return found

    def _key(self, event: yaml.Event, at: Place, path: Path) -> str | None:
        """The key, or None after a fault where it is no scalar."""
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_extras(event, at, path)
            return str(event.value)
        self.faults.append(Fault.at(at, "key_not_text", path))
        if not isinstance(event, yaml.AliasEvent):
            self._node(event, path)
        return None
