"""Commands: what somebody wants, parsed and typed at the edge. No dict travels further than the parser."""

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any, Final, TypeVar, cast

from workflows.actors import Person

Said = TypeVar("Said")
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL keeps in no text, and halves of characters, which UTF-8 has not: a cut emoji is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Root of all commands. `case` is the number (`INC-2026-0042`), or empty where the command opens a case."""

    case: str = ""

    def persons(self) -> tuple[Person, ...]:
        """Everybody whom the command names besides its actor; they get pseudonyms."""
        return ()


def writable(said: Said) -> Said:
    """The same command or actor, with `�` in the place of every sign that no database and no ledger could hold."""
    return cast("Said", _writable(said))


def _writable(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return _UNWRITABLE.sub("\ufffd", value) if _UNWRITABLE.search(value) else value
    if type(value) is tuple:
        return tuple(map(_writable, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    old = {field.name: getattr(value, field.name) for field in fields(value)}
    new = {name: _writable(one) for name, one in old.items()}
    return value if new == old else replace(value, **new)
