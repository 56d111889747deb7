"""Clock, ids and salts, handed to the service by the composition root so that the rules need none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Moment:
    """Sources of time (aware UTC), identity (UUIDv7) and salt (16 random bytes)."""

    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    new_salt: Callable[[], bytes]
