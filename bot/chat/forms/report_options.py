"""Options of a report that is typed: for whom it is, whether it is a drill, or over already."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.chat.forms.life_ask import BACKFILL, DRILL, PAGE
from bot.chat.verbs import fold
from workflows.incident.terms import ReportWay

FORM: Final = "form"
"""The form opens though enough was typed."""
_DANGLING: Final = re.compile(r"\s*(?:--|[—–])\s?(?:by|von|via|per)[ =]*$", re.IGNORECASE)
"""An option without its value: the form asks."""
_BY: Final = frozenset({"by", "von"})
_OPTION: Final = re.compile(
    # Keyboards of phones and of Slack turn `--` into a dash, and quotes into curly ones.
    r"\s*(?:--|[—–])\s?(by|von|via|per)[ =]\s*(?:[\"“„”«]([^\"“„”«»]+)[\"“„”»]|(<@[^>]+>)|([^\s\"“„”«]+))(?=\s|$)",
    re.IGNORECASE,
)
_WAYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("telefon", "anruf", "telefonisch", "call"), ReportWay.PHONE.value),
    **dict.fromkeys(("email", "e-mail"), ReportWay.MAIL.value),
    **dict.fromkeys(("person", "persoenlich", "gespraech"), ReportWay.IN_PERSON.value),
}
_MARK: Final = re.compile(r"\s*(?:--|[—–])\s?(\w+)(?=\s|$)")
_MARK_BEHIND: Final = re.compile(r"(?:^|\s)(?:--|[—–])(\w+)\s*$")
_MARKS: Final[Mapping[str, str]] = {
    "drill": DRILL,
    "uebung": DRILL,
    "page": PAGE,
    "rufen": PAGE,
    "backfill": BACKFILL,
    "nachtrag": BACKFILL,
    "form": FORM,
    "formular": FORM,
}


@dataclass(frozen=True, slots=True)
class Options:
    """The sentence without its options; `values` are answers to the form."""

    what: str
    values: Mapping[str, str]
    marks: frozenset[str]


def split_options(rest: str) -> Options:
    """`--by "Erika Muster" --via phone --drill` before the sentence, the last also behind it; in either language.

    Any other word with dashes stays part of the sentence.
    """
    values: dict[str, str] = {}
    marks: set[str] = set()
    while True:
        if found := _OPTION.match(rest):
            given = next(part for part in found.groups()[1:] if part is not None)
            by = fold(found[1]) in _BY
            values.setdefault("reported_by" if by else "way", given if by else _WAYS.get(fold(given), given))
            rest = rest[found.end() :]
        elif (found := _MARK.match(rest)) and fold(found[1]) in _MARKS:
            marks.add(_MARKS[fold(found[1])])
            rest = rest[found.end() :]
        elif (found := _MARK_BEHIND.search(rest)) and fold(found[1]) in _MARKS:
            marks.add(_MARKS[fold(found[1])])
            rest = rest[: found.start()]
        elif _DANGLING.match(rest):
            marks.add(FORM)
            rest = ""
        else:
            return Options(rest.strip(), values, frozenset(marks))
