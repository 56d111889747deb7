"""Moments as people read them in a message: the time today, day and time otherwise."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.i18n import Translator

APART: Final = timedelta(minutes=1)
"""From here on, when something happened and when it was recorded are told apart."""


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
