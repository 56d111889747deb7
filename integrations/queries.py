"""Putting together the one query that reads a request, and those for what is longer than a page."""

from collections.abc import Collection, Mapping


def cursors(parts: Collection[str]) -> str:
    """The variables that hold a list's cursor, each of its list's name."""
    return "".join(f", ${name}: String" for name in parts)


def fields(lists: Mapping[str, str], parts: Collection[str], core: str) -> str:
    """The wanted lists, after the request's own fields (`core`, empty: without them)."""
    return " ".join((*((core,) if core else ()), *(lists[name] for name in parts)))
