"""What a webhook can be besides facts, and how its body is opened. The same for every forge."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import ValidationError

_ESCAPED_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event or action that tells nothing about gates."""

    event: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Incomplete:
    """An event that should tell something, but lacks these fields. Kept, and can be replayed."""

    event: str
    missing: tuple[str, ...]


Found = TypeVar("Found")


def leniently(event: str, read: Callable[[], Found]) -> Found | Incomplete:
    """What `read` finds; a body without the fields that it needs is incomplete."""
    try:
        return read()
    except OverflowError:
        return Incomplete(event, ("a time within the calendar",))
    except ValidationError as error:
        places = (".".join(str(step) for step in fault["loc"]) for fault in error.errors())
        return Incomplete(event, tuple(dict.fromkeys(place or event for place in places)))


def json_object(text: str | bytes) -> dict[str, Any] | None:
    """The JSON object in a text, None when there is none.

    Half of a surrogate pair is no character and can be stored nowhere: `?` stands in for it.
    """
    try:
        plain = text.decode() if isinstance(text, bytes) else text
        found = json.loads(plain)
        if isinstance(found, dict) and _ESCAPED_HALF.search(plain):
            found = json.loads(json.dumps(found, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
