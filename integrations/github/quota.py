"""How much of GitHub's hourly quota is left, and how long somebody waits who may spend only a share of it.

The answers themselves tell what is left, whoever spent it. So all processes of an installation keep the share together,
and what verdicts need in a busy hour is missing from the share first.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

WINDOW: Final = 3600.0
"""Seconds for which GitHub counts."""
SHARE: Final = 0.5
"""Part of the quota that looking for news may spend; the rest stays for verdicts."""
BURST: Final = 0.2
"""Part of the share that may be spent ahead of the time that has passed."""


CORE: Final = "core"
"""Name of the quota of everything but GraphQL and searches."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls allowed per window, calls left in this one, and when it ends (seconds of the epoch)."""

    limit: int
    remaining: int
    reset: float

    def pause(self, now: float, share: float = SHARE) -> float:
        """Seconds until the next call may be made by somebody who spends no more than `share`; 0: at once."""
        if now >= self.reset or self.limit <= 0:
            return 0.0
        rate = self.limit * share / WINDOW
        passed = max(0.0, WINDOW - (self.reset - now))
        allowed = rate * min(WINDOW, passed + BURST * WINDOW)
        spent = self.limit - self.remaining
        if spent < allowed:
            return 0.0
        whole = spent >= self.limit * share
        return self.reset - now if whole else min((spent - allowed + 1) / rate, self.reset - now)


@dataclass(slots=True)
class Quotas:
    """What was told last, by the credential that was used. Safe to share between threads."""

    _told: dict[tuple[str, str], Quota] = field(default_factory=dict)
    _shut: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, headers: Mapping[str, Any]) -> None:
        """Remember what the headers of an answer say, if they say anything. GraphQL is counted apart."""
        values = [str(headers.get(f"x-ratelimit-{part}", "")) for part in ("limit", "remaining", "reset")]
        if not all(value.isdigit() for value in values):
            return
        limit, remaining, reset = map(int, values)
        with self._lock:
            self._told[name, str(headers.get("x-ratelimit-resource", CORE))] = Quota(limit, remaining, reset)

    def shut(self, name: str, until: float) -> None:
        """No call before then: a rate limit was hit."""
        with self._lock:
            self._shut[name] = max(until, self._shut.get(name, 0.0))

    def of(self, name: str, resource: str = CORE) -> Quota | None:
        """What was told last, None: nothing yet."""
        with self._lock:
            return self._told.get((name, resource))

    def pause(self, name: str, now: float, share: float = SHARE) -> float:
        """Seconds until the next call; 0: at once."""
        with self._lock:
            pauses = [told.pause(now, share) for (owner, _), told in self._told.items() if owner == name]
            return max(0.0, self._shut.get(name, 0.0) - now, *pauses)
