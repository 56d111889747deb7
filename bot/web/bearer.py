"""Who calls the API: a token in `Authorization`, known, in time, with the right scope, and not too often."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.credentials import PipelineToken, Presented, Standing
from bot.web.problems import problem
from workflows.logbook import TokenScope

PER_MINUTE: Final = 120
"""Calls of one token; a pipeline that waits asks six times a minute."""
STRANGERS_PER_MINUTE: Final = 60
"""Calls with no good token from one address."""
_MOST: Final = 10_000
_WINDOW: Final = timedelta(minutes=1)


@dataclass(slots=True)
class Counter:
    """Calls per caller within the current minute."""

    now: Callable[[], datetime]
    _since: datetime | None = None
    _counts: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, caller: str, most: int) -> int:
        """Count a call. Seconds to wait when it is one too many, else 0."""
        now = self.now()
        with self._lock:
            if self._since is None or now - self._since >= _WINDOW or len(self._counts) > _MOST:
                self._since, self._counts = now, {}
            count = self._counts[caller] = self._counts.get(caller, 0) + 1
            left = (self._since + _WINDOW - now).total_seconds()
        return max(1, round(left)) if count > most else 0


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets callers in. `present` looks a token up, `used` notes that it was used."""

    present: Callable[[str], Presented]
    used: Callable[[PipelineToken], None]
    counter: Counter

    def admit(self, request: Request, scope: TokenScope) -> PipelineToken | JSONResponse:
        """The token, or the refusal: 401 unknown or expired, 403 without the scope, 429 too often."""
        kind, _, shown = request.headers.get("authorization", "").partition(" ")
        found = self.present(shown.strip()) if kind.casefold() == "bearer" and shown.strip() else None
        token = found.token if found and found.standing is Standing.GOOD else None
        if token is None:
            address = request.client.host if request.client else ""
            wait = self.counter.wait(f"stranger {address}", STRANGERS_PER_MINUTE)
            expired = found is not None and found.standing is Standing.EXPIRED
            title = "the token has expired" if expired else "token missing or not known"
            return _too_often(wait) if wait else _unknown(title)
        wait = self.counter.wait(token.digest, PER_MINUTE)
        if wait:
            return _too_often(wait)
        if not token.may(scope):
            return problem(403, "the token may not do this", f"the scope {scope}")
        self.used(token)
        return token


def _unknown(title: str) -> JSONResponse:
    answer = problem(401, title, "Authorization: Bearer, with a token made by `wachbuch token create --for-ci`")
    answer.headers["www-authenticate"] = "Bearer"
    return answer


def _too_often(seconds: int) -> JSONResponse:
    answer = problem(429, "too many calls", f"at most {PER_MINUTE} calls a minute")
    answer.headers["retry-after"] = str(seconds)
    return answer
