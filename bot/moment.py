"""The real clock, ids and salts."""

import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from workflows.moment import Moment

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def uuid7(now: Callable[[], datetime]) -> Callable[[], UUID]:
    """A source of UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits. Python 3.11 has none of its own."""

    def new() -> UUID:
        milliseconds = int(now().timestamp() * 1000)
        random_bits = secrets.randbits(74)
        high = (random_bits >> 62) & 0xFFF
        low = random_bits & ((1 << 62) - 1)
        return UUID(int=(milliseconds << 80) | _VERSION_7 | (high << 64) | _VARIANT | low)

    return new


def real_moment() -> Moment:
    """Wall clock in UTC, which never goes back within this process, and the system's random source."""
    lock = threading.Lock()
    last = datetime.min.replace(tzinfo=UTC)

    def now() -> datetime:
        nonlocal last
        with lock:
            last = max(last, datetime.now(UTC))
            return last

    return Moment(now=now, new_id=uuid7(now), new_salt=lambda: secrets.token_bytes(16))
