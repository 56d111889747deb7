"""Allow-lists for what may stand in a hashed entry. No blank, no free text: a name or a sentence does not pass."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from workflows.ledger.canonical import BIGGEST_INTEGER, Json
from workflows.ledger.errors import Broken, refuse

NAME: Final = re.compile(r"[a-z][a-z0-9_.\-]{0,63}", re.ASCII)
"""Name of a field, a disclosure or a referenced object."""
TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}", re.ASCII)
"""Ids of closed lists, numbers, digests, UUIDs, dates, pseudonyms: no blank, no `:`, `@` or `/`."""
OBJECT_ID: Final = re.compile(
    r"[0-9]{1,20}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII
)
"""Id of an object outside: digits of a forge, a commit, a digest, a UUID. Never a name or a branch."""
CONTROL: Final = re.compile(r"(?:A\.)?[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}", re.ASCII)
"""A clause or Annex A control of ISO/IEC 27001: `A.5.24`, `10.2`."""
WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,47}", re.ASCII)
PSEUDONYM: Final = re.compile(r"p[1-9][0-9]{0,6}", re.ASCII)
SHA256_HEX: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
SHA256_B64: Final = re.compile(r"[A-Za-z0-9_\-]{43}", re.ASCII)
ORIGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:\-]{0,127}", re.ASCII)
TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3,6})?Z", re.ASCII)
_MICROSECONDS: Final = len("2026-01-01T00:00:00.000000Z")


def text(what: str, value: object, pattern: re.Pattern[str]) -> str:
    """The value, when it is a string that the pattern matches as a whole."""
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        refuse(what, pattern.pattern, value)
    return value


def integer(what: str, value: object, least: int) -> int:
    """The value, when it is a whole number from `least` to 2^53-1."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= BIGGEST_INTEGER:
        refuse(what, f"an integer from {least}", value)
    return value


def format_time(what: str, value: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.ffffffZ`. Broken for a time without zone."""
    if value.tzinfo is None:
        refuse(what, "a time with its zone", value)
    return value.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def parse_time(what: str, value: object) -> datetime:
    """The inverse of `format_time`."""
    found = text(what, value, TIME)
    try:
        moment = datetime.fromisoformat(found)
    except ValueError as error:
        raise Broken(what, "a time that exists", found) from error
    if len(found) != _MICROSECONDS:
        refuse(what, "six digits of microseconds", found)
    return moment


def parse_uuid(what: str, value: object) -> UUID:
    """A UUID in its usual spelling."""
    try:
        found = UUID(value) if isinstance(value, str) else refuse(what, "a UUID", value)
    except ValueError as error:
        raise Broken(what, "a UUID", value) from error
    if str(found) != value:
        refuse(what, "a UUID in lower case with hyphens", value)
    return found


def named(what: str, value: object, pattern: re.Pattern[str]) -> dict[str, str]:
    """A mapping of names to strings of one pattern."""
    return {name: text(f"{what}.{name}", element, pattern) for name, element in _items(what, value)}


def data(what: str, value: object) -> dict[str, Json]:
    """The payload: names to scalars of the allow-list, lists of them, and lists of such lists."""
    return {name: _element(f"{what}.{name}", element, 2) for name, element in _items(what, value)}


def controls(what: str, value: object) -> tuple[str, ...]:
    """ISO control ids."""
    if not isinstance(value, list):
        refuse(what, "a list", value)
    return tuple(text(what, element, CONTROL) for element in value)


def _items(what: str, value: object) -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        refuse(what, "an object", value)
    return [(text(f"name in {what}", name, NAME), element) for name, element in value.items()]


def _element(what: str, value: object, lists_left: int) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return integer(what, value, -BIGGEST_INTEGER)
    if isinstance(value, list) and lists_left:
        return [_element(what, element, lists_left - 1) for element in value]
    if isinstance(value, str) and (TOKEN.fullmatch(value) or TIME.fullmatch(value)):
        return value
    return refuse(what, "a value of the allow-list (no free text)", value)
