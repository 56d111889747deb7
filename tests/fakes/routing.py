"""REST routes of a fake: verb and path to a function, under a name for counting and for injected failures."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.fakes.wire import Request

Function = Callable[[Any], Any]
Entry = tuple[str, str, str, Function]
"""Name, verb, path with its `{parts}`, and function."""


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of the table, ready to match."""

    name: str
    verb: str
    pattern: re.Pattern[str]
    function: Function


@dataclass(frozen=True, slots=True)
class Created:
    """A result that is answered with 201, or another success."""

    body: Any
    status: int = 201


@dataclass(frozen=True, slots=True)
class Listed:
    """A result that is answered in pages; `key` wraps it as `{total_count, key: […]}`.

    `cursor` is the name of the parameter by which the next page is asked for.
    """

    items: Sequence[Any]
    key: str = ""
    cursor: str = "page"


def compiled(table: Iterable[Entry], wide: Sequence[str] = ()) -> tuple[Route, ...]:
    """The table with its patterns compiled. Parts named in `wide` may contain slashes."""
    routes = []
    for name, verb, path, function in table:
        pattern = re.sub(rf"\{{({'|'.join(wide)})\}}", r"(?P<\1>.+)", path) if wide else path
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        routes.append(Route(name, verb, re.compile(f"^{pattern}$"), function))
    return tuple(routes)


def matched(routes: Iterable[Route], request: Request, root: str) -> tuple[Route | None, Mapping[str, str]]:
    """The route of a request below `root`, and the parts of its path."""
    path = request.path.removeprefix(root)
    for route in routes:
        if route.verb == request.verb and (found := route.pattern.match(path)):
            return route, {name: unquote(value) for name, value in found.groupdict().items()}
    return None, {}
