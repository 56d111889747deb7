"""Markdown in which what people typed stays text: no heading, table, link, list, picture or HTML can come of it."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

_MARKS: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#~&"})
_LINK: Final = re.compile(r"(?=://)|(?<=www)(?=\.)", re.IGNORECASE)
_START: Final = re.compile(r"^(?=[-+=:])|^(\d+)(?=[.)](?:\s|$))")
"""Where a backslash keeps text from becoming a link or a list, or what stands above it a heading or a table."""


class Code(str):
    """Words of our own that are to be copied as they are: a receipt, a hash, a command. Never what somebody typed."""

    __slots__ = ()


def inline(text: str) -> str:
    """A text as part of a line. Line breaks become blanks; what only changes how other text looks is gone."""
    if isinstance(text, Code):
        return f"`{text}`"
    line = " ".join(visible(text).translate(_MARKS).split())
    return _LINK.sub(r"\\", _START.sub(r"\1\\", line))


def visible(text: str) -> str:
    """Without what only changes how other text looks: controls, marks of direction."""
    return "".join(mark for mark in text if mark.isprintable() or mark.isspace())


def heading(level: int, text: str) -> list[str]:
    """A heading with the empty lines around it."""
    return ["", f"{'#' * level} {inline(text)}", ""]


def fact(label: str, value: str) -> str:
    """A labelled value in a list; a dash for none."""
    return f"- **{inline(label)}:** {inline(value) or '–'}"


def item(*parts: str) -> str:
    """An entry of a list, of these parts."""
    return f"- {' · '.join(inline(part) for part in parts if part)}"


def under(*parts: str) -> str:
    """What belongs to the entry of a list above it."""
    return f"  {item(*parts)}"


def quote(text: str, indent: str = "") -> list[str]:
    """A text as it was typed, line by line."""
    lines = [inline(line) for line in visible(text).splitlines()]
    # Two blanks at the end of a line keep the break after it.
    return [f"{indent}> {line}  " if line else f"{indent}>" for line in lines or [""]]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; an empty cell is a dash."""
    lines = [_row(head), "|" + " --- |" * len(head)]
    return lines + [_row(row) for row in rows]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(inline(cell) or "–" for cell in cells) + " |"
