"""Moments as people read them in a message: the time today, day and time otherwise; and days."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.i18n import Translator

NEAR: Final = timedelta(days=180)
"""A day that is nearer is told without its year: it cannot be that of another one."""


def moment(t: Translator, when: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`03:12` today, `23.11.2026, 03:12` on another day."""
    same_day = when.astimezone(zone).date() == now.astimezone(zone).date()
    return t.time(when, zone) if same_day else t.datetime(when, zone)


def day(t: Translator, when: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`23.11.` where that is near, else `23.11.2026`."""
    return t.day_and_month(when, zone) if abs(when - now) < NEAR else t.date(when, zone)
