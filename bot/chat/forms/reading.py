"""Reads typed answers. Every answer that cannot stand gets its text under its field, all of them at once."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from bot.chat.parser import Years, case_number
from bot.chat.port import Directory
from bot.chat.texts import common, terms
from bot.chat.verbs import Topic, fold
from config.i18n import Translator
from config.policy.base import Titled
from config.policy.models import Policy
from workflows.actors import Person, PersonId
from workflows.workflow import Case

MOST_TYPED: Final = 3000
NOBODY: Final = Person(PersonId(""), "")
"""Stands for a required person who is missing; the command that holds it is never given, since an error stands."""
YES: Final = "yes"
NO: Final = "no"
YES_WORDS: Final = frozenset({"yes", "y", "ja", "j", "true", "1"})
"""What people type for yes."""
_NO_WORDS: Final = frozenset({"no", "n", "nein", "false", "0"})
_GERMAN_DAY: Final = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})?(?:[ ,]+(?:um )?(\d{1,2}):(\d{2}))?$", re.ASCII)
_TIME: Final = re.compile(r"^(\d{1,2}):(\d{2})$", re.ASCII)
_NAMED_BEHIND: Final = re.compile(r"\s+(<@[^>]+>|@[^\s@]+?)[.!]?$")
_PEOPLE_SPLIT: Final = re.compile(r"[,;\n]+")
_LATEST_YEAR: Final = 2200

_MONTHS: Final = 12

E = TypeVar("E", bound=StrEnum)


class Side(Enum):
    """Where a time lies that is asked for."""

    PAST = "past"
    AHEAD = "ahead"
    EITHER = "either"


class Reading:
    """The answers of one form. Each method reads one; `errors` collects what cannot stand."""

    def __init__(
        self,
        values: Mapping[str, str],
        t: Translator,
        policy: Policy,
        now: datetime,
        directory: Directory,
        years: Years,
        case: Case | None = None,
    ) -> None:
        self._values = values
        self.t = t
        self.policy = policy
        self.now = now
        self.case = case
        self._directory = directory
        self._years = years
        self.errors: dict[str, str] = {}

    def given(self, field: str) -> bool:
        """Whether anything was answered."""
        return bool(self._values.get(field, "").strip())

    def fail(self, field: str, text: str) -> None:
        """Put a text under a field; the first one stays."""
        self.errors.setdefault(field, text)

    def text(self, field: str, *, required: bool = False) -> str:
        """A text without white space around it."""
        found = self._values.get(field, "").strip()
        if required and not found:
            self.fail(field, common.required(self.t))
        if len(found) > MOST_TYPED:
            self.fail(field, common.too_long(self.t, MOST_TYPED))
        return found

    def choice(self, field: str, of: type[E], *, required: bool = False) -> E | None:
        """One of a closed list, by its value or by its name in the reader's language."""
        return self.among(field, tuple(of), required=required)

    def among(
        self, field: str, of: Sequence[E], *, required: bool = False, words: Mapping[str, E] | None = None
    ) -> E | None:
        """One of these, by its value or name, or by one of the folded `words`."""
        found = self.text(field, required=required)
        if not found:
            return None
        wanted = fold(found)
        for member in of:
            names = {fold(member.value), fold(terms.name(self.t, member))}
            if wanted in names or (words or {}).get(wanted) is member:
                return member
        self.fail(field, common.no_such_choice(self.t, [terms.name(self.t, member) for member in of]))
        return None

    def several(self, field: str, of: Sequence[StrEnum], words: Mapping[str, StrEnum] | None = None) -> tuple[str, ...]:
        """Several of a closed list, by value, name or folded word; between commas, or by blanks between values."""
        found = self.text(field)
        names = {word: one.value for word, one in (words or {}).items() if one in of}
        names |= {fold(name): one.value for one in of for name in (one.value, terms.name(self.t, one))}
        listed = [fold(one) for one in _PEOPLE_SPLIT.split(found) if one.strip()]
        if any(one.strip() not in names for one in listed):
            listed = [fold(one) for one in found.split()]
        unknown = [one for one in listed if one.strip() not in names]
        if unknown:
            self.fail(field, common.no_such_choice(self.t, [terms.name(self.t, one) for one in of]))
        return tuple(dict.fromkeys(names[one.strip()] for one in listed if one.strip() in names))

    def one_of(self, field: str, allowed: Sequence[str], *, required: bool = False) -> str:
        """One of these ids."""
        found = self.text(field, required=required)
        if found and found not in allowed:
            self.fail(field, common.no_such_choice(self.t, allowed))
            return ""
        return found

    def labelled(self, field: str, allowed: Mapping[str, str], *, required: bool = False) -> str:
        """One of these values, by itself or by its label; the error names the labels."""
        found = self.text(field, required=required)
        by_label = {fold(label): value for value, label in allowed.items()}
        known = found if found in allowed else by_label.get(fold(found), "")
        if found and not known:
            self.fail(field, common.no_such_choice(self.t, list(allowed.values())))
        return known

    def listed(self, field: str, of: Sequence[Titled], *, required: bool = False) -> str:
        """The id of an entry of a list of the policy, by itself or by its title."""
        return self.labelled(field, {one.id: one.title(self.t.language) for one in of}, required=required)

    def flag(self, field: str, *, required: bool = False) -> bool | None:
        """Yes or no, None when not answered."""
        found = fold(self.text(field, required=required))
        if not found:
            return None
        if found in YES_WORDS or found in _NO_WORDS:
            return found in YES_WORDS
        self.fail(field, common.no_such_choice(self.t, (self.t.gettext("yes"), self.t.gettext("no"))))
        return None

    def number(self, field: str, *, required: bool = False) -> int | None:
        """A small whole number."""
        most = 9
        found = self.text(field, required=required).lstrip("#")
        if not found:
            return None
        if found.isascii() and found.isdigit() and len(found) <= most:
            return int(found)
        self.fail(field, common.no_such_count(self.t))
        return None

    def when(self, field: str, *, required: bool = False, side: Side = Side.PAST) -> datetime | None:
        """A moment, in UTC. Without an offset it is meant in the organisation's time zone."""
        found = self.text(field, required=required)
        if not found:
            return None
        read = read_moment(found, self.policy.zone, self.now, side)
        if read is None:
            self.fail(field, common.no_such_time(self.t))
        return read

    def due(self, field: str, *, required: bool = False) -> datetime | None:
        """A due date: without a time it ends with that day."""
        found = self.text(field, required=required)
        if not found:
            return None
        read = read_moment(found, self.policy.zone, self.now, Side.AHEAD, end_of_day=True)
        if read is None:
            self.fail(field, common.no_such_time(self.t))
        return read

    def person(self, field: str, *, required: bool = False) -> Person | None:
        """A person."""
        found = self.text(field, required=required)
        if not found:
            return None
        person = self._directory.find(found)
        if person is None:
            self.fail(field, common.no_such_person(self.t))
        return person

    def person_or_name(self, field: str) -> tuple[Person | None, str]:
        """A person, or the name of somebody whom we do not know; nobody and nothing when not answered."""
        found = self.text(field)
        person = self._directory.find(found) if found else None
        return person, "" if person else found

    def named_behind(self, text: str) -> tuple[str, Person | None]:
        """A sentence, and whom it names at its end: `change the keys @max`. What names nobody known stays in it."""
        found = _NAMED_BEHIND.search(text)
        person = self._directory.find(found[1]) if found else None
        return (text[: found.start()], person) if found and person else (text, None)

    def someone(self, field: str) -> Person:
        """A person who has to be named."""
        return self.person(field, required=True) or NOBODY

    def case_number(self, field: str, *topics: Topic, required: bool = False) -> str:
        """The number of a case, completed where only its last digits were typed; as typed where it is none."""
        text = self.text(field, required=required)
        return next((number for topic in topics if (number := case_number(text, topic, self._years))), text)

    def incident(self, field: str, *, required: bool = False) -> str:
        """The number of an incident; what is none gets words of its own under the field."""
        text = self.text(field, required=required)
        number = case_number(text, Topic.INCIDENT, self._years)
        if text and not number:
            self.fail(field, common.no_incident(self.t, text))
        return number

    def one_number(self, field: str) -> int:
        """A number that has to be given."""
        return self.number(field, required=True) or 0

    def people(self, field: str) -> tuple[Person, ...]:
        """Several persons: separated by commas, or by blanks where the whole is not the name of one."""
        listed = [self._directory.find(token) for token in several_people(self.text(field), self._directory)]
        if any(person is None for person in listed):
            self.fail(field, common.no_such_people(self.t))
        return tuple(dict.fromkeys(person for person in listed if person is not None))


def several_people(text: str, directory: Directory) -> list[str]:
    """How each of several persons was named: between commas, or between blanks where the whole is the name of none."""
    named = [token for token in _PEOPLE_SPLIT.split(text) if token.strip()]
    return named[0].split() if len(named) == 1 and directory.find(named[0]) is None else named


_NOW: Final = frozenset({"now", "jetzt"})


def read_moment(
    text: str, zone: ZoneInfo, now: datetime, side: Side = Side.EITHER, *, end_of_day: bool = False
) -> datetime | None:
    """`now`, `2026-11-23 14:05`, `23.11. 14:05`, `23.11.2026`, `14:05`, by its offset or zone; or None.

    What was left out is filled in by the `side`: of the past `23:50` is yesterday's just after midnight, and `31.12.`
    last year's in January; a day ahead is the next one of that date; else the nearest one, and today.
    """
    default = time(23, 59) if end_of_day else time(0, 0)
    try:
        local = _local(text.strip(), now.astimezone(zone), default, side)
        if local is None or local.year > _LATEST_YEAR:
            return None
        aware = local if local.tzinfo else local.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _local(text: str, today: datetime, default: time, side: Side) -> datetime | None:
    if text.casefold() in _NOW:
        return today
    if clock := _TIME.match(text):
        shown = time(int(clock[1]), int(clock[2]))
        yesterday = side is Side.PAST and shown > today.time()
        return datetime.combine(today.date() - timedelta(days=int(yesterday)), shown)
    if german := _GERMAN_DAY.match(text):
        month, number = int(german[2]), int(german[1])
        day = date(int(german[3]), month, number) if german[3] else _day(number, month, today.date(), side)
        at = time(int(german[4]), int(german[5])) if german[4] else default
        return datetime.combine(day, at)
    only_day = 10
    if len(text) == only_day:
        return datetime.combine(date.fromisoformat(text), default)
    return datetime.fromisoformat(text)


def _day(number: int, month: int, today: date, side: Side) -> date:
    """The day that is meant where nobody wrote its year."""
    days = [date(year, month, number) for year in range(today.year - 1, today.year + 2) if _exists(year, month, number)]
    fitting = [day for day in days if side is Side.EITHER or day == today or (day < today) is (side is Side.PAST)]
    return min(fitting, key=lambda day: abs(day - today), default=None) or date(today.year, month, number)


def _exists(year: int, month: int, number: int) -> bool:
    return 1 <= month <= _MONTHS and 1 <= number <= monthrange(year, month)[1]


def in_days(now: datetime, days: int) -> str:
    """A date to offer, as a field holds it."""
    return (now + timedelta(days=days)).date().isoformat()
