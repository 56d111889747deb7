"""Moments as people read them in a message: the time today, day and time otherwise; and days."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.i18n import Translator

APART: Final = timedelta(minutes=1)
"""From here on, when something happened and when it was recorded are told apart."""
NEAR: Final = timedelta(days=180)
"""A day that is nearer is told without its year: it cannot be that of another one."""


def moment(t: Translator, when: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`03:12` today, `23.11.2026, 03:12` on another day."""
    same_day = when.astimezone(zone).date() == now.astimezone(zone).date()
    return t.time(when, zone) if same_day else t.datetime(when, zone)


def both(t: Translator, when: datetime, recorded: datetime, zone: ZoneInfo, now: datetime) -> str:
    """When something happened; and when it was recorded, where that is another time."""
    told = moment(t, when, zone, now)
    if abs(recorded - when) < APART:
        return told
    return t.gettext("{when}, recorded {recorded}").format(when=told, recorded=moment(t, recorded, zone, now))


def day(t: Translator, when: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`23.11.` where that is near, else `23.11.2026`."""
    return t.day_and_month(when, zone) if abs(when - now) < NEAR else t.date(when, zone)
