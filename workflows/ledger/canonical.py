"""The one byte form of a JSON value (RFC 8785), with everything refused that two readers could read differently."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import rfc8785

from workflows.ledger.errors import Broken, refuse

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""A JSON value as the ledger takes it: without floats. Sequences are lists, mappings are dicts."""

BIGGEST_INTEGER: Final = 2**53 - 1
"""RFC 7493: beyond this, readers in other languages lose digits. Bigger numbers are carried as strings."""
DEEPEST_NESTING: Final = 32


def canonical(value: Json) -> bytes:
    """The canonical bytes. Broken: floats, integers beyond 2^53-1, lone surrogates, anything that is not JSON."""
    _check(value, 0)
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise Broken("JSON text", "Unicode without lone surrogates", str(error)) from error


def is_canonical(document: Mapping[str, Json], body: bytes) -> bool:
    """Whether these are the canonical bytes of what was parsed from them."""
    # ASCII keys sort alike in UTF-16 and in code points, so the fast encoder of the standard library decides those
    if body.isascii():
        quick = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        if quick == body.decode("ascii"):
            return True
    return canonical(document) == body


def parse(body: bytes) -> dict[str, Any]:
    """The object that these bytes hold. Broken: no object, duplicate keys, floats, big integers, bad UTF-8."""
    value = parse_value(body)
    if not isinstance(value, dict):
        refuse("JSON", "an object", type(value).__name__)
    return value


def parse_value(body: bytes) -> Any:
    """Any JSON value, under the same conditions as `parse`."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_integer,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Broken("JSON", "UTF-8 JSON", str(error)) from error
    _check(value, 0)
    return value


def _check(value: object, depth: int) -> None:
    if depth > DEEPEST_NESTING:
        refuse("JSON", f"at most {DEEPEST_NESTING} levels", "more")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        _check_integer(value)
    elif isinstance(value, list):
        for element in value:
            _check(element, depth + 1)
    elif isinstance(value, dict):
        for key, element in value.items():
            if not isinstance(key, str):
                refuse("JSON key", "a string", type(key).__name__)
            _check_text(key)
            _check(element, depth + 1)
    else:
        refuse("JSON value", "null, bool, int, str, list or dict", type(value).__name__)


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Broken("JSON text", "Unicode without lone surrogates", str(error)) from error


def _check_integer(number: int) -> None:
    if not -BIGGEST_INTEGER <= number <= BIGGEST_INTEGER:
        refuse("JSON number", "an integer within 2^53-1", "a bigger one")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        refuse("JSON object", "each key once", sorted({key for key in keys if keys.count(key) > 1}))
    return found


def _no_float(text: str) -> object:
    return refuse("JSON number", "an integer", text)


def _integer(text: str) -> int:
    # the length first: turning a very long run of digits into a number is slow, and Python refuses it
    if len(text) > len(str(-BIGGEST_INTEGER)):
        refuse("JSON number", "an integer within 2^53-1", "a bigger one")
    return int(text)
