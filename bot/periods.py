"""First and last days as people type them, in the terminal and in the conversation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from config.i18n import Translator
from workflows.reports.lessons import Period

_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_GERMAN: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_TO: Final = frozenset({"to", "until", "bis", "--to"})
_BETWEEN: Final = frozenset({"from", "to", "until", "von", "bis", "--from", "--to", "-", "–"})
"""Words that may stand around the two days."""


@dataclass(frozen=True, slots=True)
class Misread:
    """What is no period: a word that is no day (`day`), or two days the wrong way round, or other than two days."""

    day: str = ""
    reversed: tuple[str, str] | None = None


def read_period(text: str, now: datetime, zone: ZoneInfo) -> Period | Misread:
    """Two days in a text, both included; nothing: this year until today.

    One day: from then until today; with `to` or `bis` before it, its year until then.
    """
    words = [word for word in text.split() if word.casefold() not in _BETWEEN]
    today = now.astimezone(zone).date()
    day = read_day(words[0]) if len(words) == 1 else None
    if day is not None and not _TO.isdisjoint(text.casefold().split()):
        return Period(day.replace(month=1, day=1), day, zone)
    given = [*words, today.isoformat()] if len(words) == 1 else words or [f"{today.year:04d}-01-01", today.isoformat()]
    return read_days(given, zone)


def read_days(given: Sequence[str], zone: ZoneInfo) -> Period | Misread:
    """A first and a last day, each `YYYY-MM-DD` or `DD.MM.YYYY`."""
    days = [(text, read_day(text)) for text in given]
    wrong = next((text for text, day in days if day is None), None)
    if wrong is not None:
        return Misread(day=wrong)
    match [day for _, day in days if day is not None]:
        case [first, last] if first <= last:
            return Period(first, last, zone)
        case [_, _]:
            return Misread(reversed=(given[0], given[1]))
        case _:
            return Misread()


def read_day(text: str) -> date | None:
    """The day that a text names, None when it is none of the calendar."""
    iso, german = _ISO.fullmatch(text), _GERMAN.fullmatch(text)
    year, month, day = iso.groups() if iso else reversed(german.groups()) if german else ("0", "0", "0")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def what_is_wrong(t: Translator, found: Misread) -> str:
    """What was typed wrong, and what is expected."""
    if found.day:
        return t.gettext("“{text}” is not a day; expected YYYY-MM-DD.").format(text=found.day[:40])
    if found.reversed:
        start, end = found.reversed
        return t.gettext("The period ends before it begins: {start} to {end}.").format(start=start, end=end)
    return t.gettext("Expected a first and a last day.")
