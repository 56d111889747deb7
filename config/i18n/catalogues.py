"""Checks and compiles the catalogues: every text has its German, with the same placeholders, exactly once."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from config.i18n.translator import LOCALE_FOLDER, compile_fragment

PACKAGES: Final = ("bot", "workflows", "integrations", "config", "tests/demo")
"""Folders with texts: the packages, and the demonstration, which speaks to people too."""
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {"_": None, "_t": None, "gettext": None, "ngettext": (1, 2)}
TRANSLATED: Final = "de"

MsgId = str | tuple[str, ...] | list[str]


class Kind(StrEnum):
    """What can be wrong with a catalogue."""

    MISSING = "missing"
    FUZZY = "fuzzy"
    PLACEHOLDERS = "placeholders"
    ORPHAN = "orphan"
    CONFLICT = "translated differently elsewhere"
    NOT_LITERAL = "not literal"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing to repair, with the text it is about and where that stands."""

    where: str
    kind: Kind
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}: {self.text!r}"


def texts_in_code(root: Path) -> dict[str | tuple[str, ...], str]:
    """Every marked text with the place where it first stands."""
    found: dict[str | tuple[str, ...], str] = {}
    for file in _sources(root):
        messages = extract_from_file("python", file, keywords=KEYWORDS)
        for line, text, _comments, _context in messages:
            found.setdefault(text, f"{file.relative_to(root).as_posix()}:{line}")
    return found


def check(root: Path, folder: Path = LOCALE_FOLDER) -> tuple[Problem, ...]:
    """Every problem between the code below `root` and the German catalogues."""
    used = {_key(text): (_shown(text), where) for text, where in texts_in_code(root).items()}
    known: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for source in sorted(folder.glob(f"{TRANSLATED}/LC_MESSAGES/*.po")):
        for message in _messages(source):
            found = known.setdefault(_key(message.id), _forms(message.string))
            where = f"{source.name}:{message.lineno}"
            kinds = _kinds(message, used=_key(message.id) in used, first=found)
            problems += [Problem(where, kind, _shown(message.id)) for kind in kinds]
    missing = [Problem(where, Kind.MISSING, text) for key, (text, where) in used.items() if key not in known]
    return tuple(sorted([*problems, *missing, *_not_literal(root)]))


def compile_all(folder: Path = LOCALE_FOLDER) -> tuple[Path, ...]:
    """Writes a `.mo` beside each `.po`; the files written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        target.write_bytes(compile_fragment(source, source.parent.parent.name))
        written.append(target)
    return tuple(written)


def _sources(root: Path) -> list[Path]:
    return sorted(file for package in PACKAGES for file in (root / package).rglob("*.py"))


def _messages(source: Path) -> Iterator[Message]:
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=TRANSLATED, abort_invalid=True)
    return (message for message in catalogue if message.id)


def _kinds(message: Message, *, used: bool, first: tuple[str, ...]) -> Iterator[Kind]:
    translations = _forms(message.string)
    if translations != first:
        yield Kind.CONFLICT
    if not used:
        yield Kind.ORPHAN
    if message.fuzzy:
        yield Kind.FUZZY
    if not all(translations):
        yield Kind.MISSING
    elif not _placeholders_fit(_forms(message.id), translations):
        yield Kind.PLACEHOLDERS


def _key(text: MsgId) -> str:
    """Gettext finds a plural by its singular."""
    return text if isinstance(text, str) else text[0]


def _forms(text: MsgId | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _shown(text: MsgId) -> str:
    return " | ".join(_forms(text))


def _placeholders_fit(source: tuple[str, ...], translated: tuple[str, ...]) -> bool:
    """Each form has exactly the placeholders of its source; a singular may leave the number out."""
    try:
        wanted = [_placeholders(form) for form in source]
        found = [_placeholders(form) for form in translated]
    except ValueError:
        return False
    every = set().union(*wanted)
    return found[-1] == wanted[-1] and all(form <= every for form in found)


def _placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def _not_literal(root: Path) -> Iterator[Problem]:
    """Texts put together in code are never found by the extraction, so they would stay English in silence."""
    for file in _sources(root):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and _name(node.func) in KEYWORDS and _put_together(node):
                yield Problem(f"{file.relative_to(root).as_posix()}:{node.lineno}", Kind.NOT_LITERAL, ast.unparse(node))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _put_together(call: ast.Call) -> bool:
    marked = _name(call.func) == "_"
    return any(
        isinstance(argument, ast.JoinedStr | ast.BinOp) or (marked and not isinstance(argument, ast.Constant))
        for argument in call.args[:2]
    )
