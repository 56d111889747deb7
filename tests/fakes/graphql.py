"""A GraphQL executor just large enough for real queries: fields, aliases, arguments, variables, fragments, connections.

Unknown fields, missing page sizes and pages over 100 are refused in GitHub's words, so that a query which runs here has
the right shape.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_TOKEN: Final = re.compile(
    r'\s*(?:#[^\n]*\n\s*)*(\.\.\.|[A-Za-z_]\w*|\$\w+|"(?:\\.|[^"\\])*"|-?\d+|[{}()\[\]:!=@|])[\s,]*'
)
_PAGE_LIMIT: Final = 100


class QueryError(Exception):
    """The query is refused as a whole."""

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Node:
    """An object of the schema."""

    type: str
    value: Any


@dataclass(frozen=True, slots=True)
class Connection:
    """A list that is read in pages."""

    type: str
    items: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Paging:
    """How a host treats page sizes over a hundred and missing ones. The defaults are GitHub's."""

    needed: bool = True
    clamped: bool = False


@dataclass(slots=True)
class Selection:
    """A field, or an inline fragment (`on` set)."""

    name: str
    alias: str
    arguments: dict[str, Any] = field(default_factory=dict)
    children: list["Selection"] = field(default_factory=list)
    on: str = ""


Resolver = Callable[[Any, Mapping[str, Any]], Any]
Schema = Mapping[str, Mapping[str, Resolver]]


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        position = 0
        text = text.strip() + " "
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None:
                raise QueryError(f"Parse error on {text[position : position + 10]!r}")
            self.tokens.append(match.group(1))
            position = match.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise QueryError(f"Expected {expected or 'a name'!r}, actual: {token or '(end of query)'!r}")
        self.at += 1
        return token

    def document(self) -> tuple[str, dict[str, bool], list[Selection], dict[str, Selection]]:
        name, variables, root = "", {}, []
        fragments: dict[str, Selection] = {}
        while self.peek():
            keyword = self.take()
            if keyword == "query":
                name = self.take()
                variables = self.variables()
                root = self.selections()
            elif keyword == "fragment":
                title = self.take()
                self.take("on")
                fragments[title] = Selection(title, title, on=self.take())
                fragments[title].children = self.selections()
            else:
                raise QueryError(f"Unexpected {keyword!r}")
        return name, variables, root, fragments

    def variables(self) -> dict[str, bool]:
        declared: dict[str, bool] = {}
        if self.peek() != "(":
            return declared
        self.take("(")
        while self.peek() != ")":
            name = self.take()[1:]
            self.take(":")
            self.take()
            declared[name] = self.peek() == "!"
            if declared[name]:
                self.take("!")
        self.take(")")
        return declared

    def selections(self) -> list[Selection]:
        found = []
        self.take("{")
        while self.peek() != "}":
            found.append(self.selection())
        self.take("}")
        return found

    def selection(self) -> Selection:
        name = self.take()
        if name == "...":
            if self.peek() == "on":
                self.take("on")
                kind = self.take()
                return Selection("", "", on=kind, children=self.selections())
            return Selection(self.take(), "", on="*")
        alias = name
        if self.peek() == ":":
            self.take(":")
            name = self.take()
        chosen = Selection(name, alias)
        if self.peek() == "(":
            self.take("(")
            while self.peek() != ")":
                key = self.take()
                self.take(":")
                chosen.arguments[key] = self.value()
            self.take(")")
        if self.peek() == "{":
            chosen.children = self.selections()
        return chosen

    def value(self) -> Any:
        token = self.take()
        if token == "[":
            items = []
            while self.peek() != "]":
                items.append(self.value())
            self.take("]")
            return items
        if token.startswith("$"):
            return _Variable(token[1:])
        if token.startswith('"'):
            return token[1:-1]
        if re.fullmatch(r"-?\d+", token):
            return int(token)
        return {"true": True, "false": False, "null": None}.get(token, token)


class Executor:
    """Runs one query over a schema. `implements` maps an object type to its interfaces and unions."""

    def __init__(self, schema: Schema, implements: Mapping[str, frozenset[str]], paging: Paging = Paging()) -> None:
        self.schema = schema
        self.paging = paging
        self.implements = implements
        self.fragments: dict[str, Selection] = {}
        self.given: Mapping[str, Any] = {}
        self.nodes = 0

    def run(self, query: str, variables: Mapping[str, Any], root: Any) -> dict[str, Any]:
        """The `data` of the answer (QueryError: refused)."""
        _, declared, selections, self.fragments = _Parser(query).document()
        for name, needed in declared.items():
            if needed and variables.get(name) is None:
                raise QueryError(f"Variable ${name} of required type was provided invalid value")
        if unknown := set(variables) - set(declared):
            raise QueryError(f"Variables {sorted(unknown)} are not defined by the query")
        self.given = {name: variables.get(name) for name in declared}
        return self._object(Node("Query", root), selections)

    def _argument(self, value: Any) -> Any:
        if isinstance(value, _Variable):
            if value.name not in self.given:
                raise QueryError(f"Variable ${value.name} is used but not declared")
            return self.given[value.name]
        return value

    def _fields(self, kind: str, selections: Sequence[Selection]) -> list[Selection]:
        flat = []
        for one in selections:
            if not one.on:
                flat.append(one)
                continue
            target = self.fragments[one.name] if one.on == "*" else one
            if target.on == kind or target.on in self.implements.get(kind, ()):
                flat.extend(self._fields(kind, target.children))
        return flat

    def _object(self, node: Node, selections: Sequence[Selection]) -> dict[str, Any]:
        self.nodes += 1
        result: dict[str, Any] = {}
        for one in self._fields(node.type, selections):
            if one.name == "__typename":
                result[one.alias] = node.type
                continue
            resolver = self.schema[node.type].get(one.name)
            if resolver is None:
                raise QueryError(f"Field '{one.name}' doesn't exist on type '{node.type}'", "undefinedField")
            arguments = {key: self._argument(value) for key, value in one.arguments.items()}
            result[one.alias] = self._value(resolver(node.value, arguments), one, arguments)
        return result

    def _value(self, value: Any, chosen: Selection, arguments: Mapping[str, Any]) -> Any:
        if isinstance(value, Connection):
            return self._connection(value, chosen, arguments)
        if isinstance(value, Node):
            if not chosen.children:
                raise QueryError(f"Field must have selections (field '{chosen.name}' returns {value.type})")
            return self._object(value, chosen.children)
        if isinstance(value, list):
            return [self._value(one, chosen, arguments) for one in value]
        return value

    def _connection(self, connection: Connection, chosen: Selection, arguments: Mapping[str, Any]) -> dict[str, Any]:
        window, more, before = _window(connection, chosen.name, self._sized(arguments))
        start = before + 1
        info = {
            "hasNextPage": more,
            "hasPreviousPage": before > 0,
            "startCursor": cursor(start) if window else None,
            "endCursor": cursor(start + len(window) - 1) if window else None,
        }
        result: dict[str, Any] = {}
        for one in self._fields(f"{connection.type}Connection", chosen.children):
            if one.name in ("totalCount", "count"):
                result[one.alias] = len(connection.items)
            elif one.name == "pageInfo":
                result[one.alias] = {child.alias: info[child.name] for child in one.children}
            elif one.name == "nodes":
                result[one.alias] = [self._value(item, one, {}) for item in window]
            else:
                raise QueryError(
                    f"Field '{one.name}' doesn't exist on type '{connection.type}Connection'", "undefinedField"
                )
        return result

    def _sized(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments with the page size that the host makes of them."""
        sizes = {name: arguments[name] for name in ("first", "last") if arguments.get(name) is not None}
        if not sizes and not self.paging.needed:
            sizes = {"first": _PAGE_LIMIT}
        if self.paging.clamped:
            sizes = {name: min(size, _PAGE_LIMIT) for name, size in sizes.items()}
        return {**arguments, **sizes}


def simple(**fields: Callable[[Any], Any]) -> dict[str, Resolver]:
    """Fields that need no arguments."""
    return {name: _without_arguments(give) for name, give in fields.items()}


def _without_arguments(give: Callable[[Any], Any]) -> Resolver:
    return lambda value, _arguments: give(value)


def cursor(position: int) -> str:
    """An opaque cursor for the position from 1."""
    return base64.b64encode(f"cursor:{position}".encode()).decode()


def _position(text: str) -> int:
    return int(base64.b64decode(text).decode().removeprefix("cursor:"))


def _window(connection: Connection, name: str, arguments: Mapping[str, Any]) -> tuple[Sequence[Any], bool, int]:
    """The items of the page, whether more follow, and how many come before."""
    first, last = arguments.get("first"), arguments.get("last")
    size = first or last
    if size is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise QueryError(message, "MISSING_PAGINATION_BOUNDARIES")
    if not 1 <= size <= _PAGE_LIMIT:
        message = f"Requesting {size} records on the `{name}` connection exceeds the `first` limit of 100 records."
        raise QueryError(message, "EXCESSIVE_PAGINATION")
    after = _position(arguments["after"]) if arguments.get("after") else 0
    end = _position(arguments["before"]) - 1 if arguments.get("before") else len(connection.items)
    if first is not None:
        stop = min(after + first, end)
        return connection.items[after:stop], stop < len(connection.items), after
    start = max(after, end - size)
    return connection.items[start:end], end < len(connection.items), start
