"""One translator per language, passed to whoever writes for people."""

import datetime as dt
import gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

from babel import dates
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_FOLDER: Final = Path(__file__).resolve().parent.parent / "locale"
LANGUAGES: Final = ("en", "de")
_LOCALES: Final = {"en": "en_GB", "de": "de"}
_WITHOUT_YEAR: Final = {"en": "d MMM", "de": "dd.MM."}


def language_of(tag: str | None, default: str = "en") -> str:
    """Our language for a tag such as `de-DE` or `en_US`; the default where we do not speak it."""
    found = (tag or "").replace("_", "-").split("-")[0].casefold()
    return found if found in LANGUAGES else default


@dataclass(frozen=True, slots=True)
class Translator:
    """Texts in one language. `language` is `en` or `de`; dates follow British or German habit."""

    language: str
    _catalogue: gettext.NullTranslations = field(repr=False, compare=False)
    _instead: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def saying(self, instead: Mapping[str, str]) -> "Translator":
        """The same with other texts in place of these, for where they would not help. Texts with a number stay."""
        return replace(self, _instead=instead)

    def gettext(self, message: str, /) -> str:
        """The translation of an English text, or the text itself."""
        return self._catalogue.gettext(self._instead.get(message, message)) if message else ""

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        """The translation that fits this number."""
        return self._catalogue.ngettext(singular, plural, n)

    def date(self, moment: dt.date, zone: dt.tzinfo | None = None) -> str:
        """A day: `23.11.2026`, `23 Nov 2026`. A moment needs the zone in which its day is meant."""
        if isinstance(moment, dt.datetime):
            moment = moment.astimezone(_needed(zone)).date()
        return dates.format_date(moment, "medium", locale=_LOCALES[self.language])

    def day_and_month(self, moment: dt.datetime, zone: dt.tzinfo) -> str:
        """A day whose year goes without saying: `23.11.`, `23 Nov`."""
        day = moment.astimezone(zone).date()
        return dates.format_date(day, _WITHOUT_YEAR[self.language], locale=_LOCALES[self.language])

    def datetime(self, moment: dt.datetime, zone: dt.tzinfo) -> str:
        """Day and time to the minute: `23.11.2026, 03:12`."""
        return f"{self.date(moment, zone)}, {self.time(moment, zone)}"

    def time(self, moment: dt.datetime, zone: dt.tzinfo) -> str:
        """The time of day: `03:12`."""
        return f"{moment.astimezone(zone):%H:%M}"

    def duration(self, length: dt.timedelta) -> str:
        """The two largest units: `2 h 14 min`, `3 days 4 h`, `40 s`. Never negative."""
        seconds = max(0, round(length.total_seconds()))
        days, hours, minutes = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60
        if days:
            told = self.ngettext("{count} day", "{count} days", days).format(count=days)
            return f"{told} {hours} h" if hours else told
        if hours:
            return f"{hours} h {minutes} min" if minutes else f"{hours} h"
        return f"{minutes} min" if minutes else f"{seconds} s"


def _needed(zone: dt.tzinfo | None) -> dt.tzinfo:
    if zone is None:
        raise ValueError("a moment falls on a day only in a time zone: expected one, found none")
    return zone


@cache
def translator(language: str) -> Translator:
    """The translator for a language tag. Languages we do not speak get English."""
    return load(language_of(language), LOCALE_FOLDER)


def load(language: str, folder: Path) -> Translator:
    """A translator from the catalogue fragments below this folder; the first by name wins where two know a text."""
    chain = gettext.NullTranslations()
    for source in sorted(folder.glob(f"{language}/LC_MESSAGES/*.po"), reverse=True):
        catalogue = _fragment(source, language)
        catalogue.add_fallback(chain)
        chain = catalogue
    return Translator(language, chain)


def _fragment(source: Path, language: str) -> gettext.NullTranslations:
    """The compiled catalogue where it is up to date, else the source itself: forgetting to compile breaks nothing."""
    compiled = source.with_suffix(".mo")
    if compiled.is_file() and compiled.stat().st_mtime >= source.stat().st_mtime:
        return gettext.GNUTranslations(io.BytesIO(compiled.read_bytes()))
    return gettext.GNUTranslations(io.BytesIO(compile_fragment(source, language)))


def compile_fragment(source: Path, language: str) -> bytes:
    """The binary form of one `.po` file, without fuzzy entries."""
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=language, abort_invalid=True)
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()
