"""When the next one comes, as people write it: `in 2h`, `30 min`, `14:30`, `tomorrow 9:00`; also behind a sentence."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.chat.forms.reading import Side, read_moment
from bot.chat.verbs import fold

_HOURS: Final = r"(?:h|hrs?|hours?|std|stunden?)\.?"
_MINUTES: Final = r"(?:m|min|mins|minutes?|minuten?)\.?"
_SPAN: Final = rf"(?:\d{{1,3}}(?:[.,]\d)?\s*{_HOURS}(?:\s*\d{{1,2}}\s*{_MINUTES})?|\d{{1,4}}\s*{_MINUTES})"
_CLOCK: Final = r"\d{1,2}:\d{2}(?:\s*uhr)?"
_DAY: Final = r"(?:tomorrow|morgen|\d{1,2}\.\d{1,2}\.(?:\d{4})?|\d{4}-\d{2}-\d{2})"
_AT: Final = r"(?:(?:in|at|by|um|bis|ab)\s+)?"
_NEXT: Final = r"(?:next(?:\s+update)?|n(?:ä|ae)chste[rs]?(?:\s+(?:stand|update))?)"
_BEHIND: Final = re.compile(
    rf"(?<![^\s,;.(])\(?{_NEXT}\s*:?\s+{_AT}(?P<when>{_SPAN}|(?:{_DAY}[\s,]+{_AT})?{_CLOCK})\s*\)?[.!]?$",
    re.IGNORECASE,
)
_SPAN_PARTS: Final = re.compile(
    rf"^(?:(?P<hours>\d{{1,3}}(?:[.,]\d)?)\s*{_HOURS})?\s*(?:(?P<minutes>\d{{1,4}})\s*{_MINUTES})?$"
)
_LEADING: Final = re.compile(rf"^{_AT}")
_DAY_CLOCK: Final = re.compile(rf"^(?:(?P<day>tomorrow|morgen)[\s,]+{_AT})?(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})$")


def split_next(text: str) -> tuple[str, str]:
    """A sentence, and the time of the next one that stands behind it; the whole text where there is none."""
    found = _BEHIND.search(text.rstrip())
    told = text[: found.start()].rstrip(" \n\t,;–-(") if found else ""
    return (told, found["when"]) if found and told else (text.strip(), "")


def read_next(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The time, in UTC; one of the clock alone is the next time it shows that. None: not understood."""
    wanted = _LEADING.sub("", fold(text).strip().rstrip(".!")).removesuffix("uhr").strip()
    span = _SPAN_PARTS.match(wanted)
    if span and wanted:
        hours = float((span["hours"] or "0").replace(",", "."))
        return now + timedelta(hours=hours, minutes=int(span["minutes"] or 0))
    clock = _DAY_CLOCK.match(wanted)
    if clock is None:
        return read_moment(wanted.upper(), zone, now, Side.AHEAD)
    return _next_time(int(clock["hour"]), int(clock["minute"]), zone, now, later=1 if clock["day"] else 0)


def _next_time(hour: int, minute: int, zone: ZoneInfo, now: datetime, *, later: int) -> datetime | None:
    try:
        wanted = time(hour, minute)
    except ValueError:
        return None
    today = now.astimezone(zone).date() + timedelta(days=later)
    for day in (today, today + timedelta(days=1)):
        found = datetime.combine(day, wanted, tzinfo=zone).astimezone(UTC)
        if found > now:
            return found
    return None
