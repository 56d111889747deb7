"""Deliveries of webhooks as the forges list them, and which of them never arrived."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

UNDER_WAY: Final = timedelta(minutes=1)
MOST_TRIES: Final = 4
"""Attempts at one delivery, the first one counted."""
MOST_AGAIN: Final = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a delivery, numbered in order. `key` is the same for every attempt at it; not all tell a time."""

    id: int
    key: str
    arrived: bool
    at: datetime | None = None
    repository_id: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How the deliveries of a while went."""

    delivered: int
    failed: int
    last_at: datetime | None


def lost(found: Iterable[Attempt], now: datetime, kept_for: timedelta) -> tuple[Attempt, ...]:
    """The newest attempt of each delivery that never arrived and can be sent again."""
    by_key: dict[str, list[Attempt]] = {}
    for one in found:
        by_key.setdefault(one.key, []).append(one)
    failed = (tried for tried in by_key.values() if not any(one.arrived for one in tried) and len(tried) < MOST_TRIES)
    newest = (max(tried, key=lambda one: one.id) for tried in failed)
    return tuple(one for one in newest if one.at is None or UNDER_WAY < now - one.at < kept_for)[:MOST_AGAIN]


def counted(found: Iterable[Attempt]) -> Count:
    """How many deliveries arrived, at whichever attempt, and how many did not."""
    listed = tuple(found)
    arrived = {one.key for one in listed if one.arrived}
    failed = {one.key for one in listed} - arrived
    return Count(len(arrived), len(failed), max((one.at for one in listed if one.at), default=None))
