"""Moments as people read them in a message: the time today, day and time otherwise."""

from datetime import datetime
from zoneinfo import ZoneInfo

from config.i18n import Translator


def moment(t: Translator, when: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`03:12` today, `23.11.2026, 03:12` on another day."""
    same_day = when.astimezone(zone).date() == now.astimezone(zone).date()
    return t.time(when, zone) if same_day else t.datetime(when, zone)
