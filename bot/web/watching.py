"""Around every request: an id in its log lines and its answer, one line when it is done, and its figures."""

import secrets
import time
from collections.abc import Mapping
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.meter import Meter

log = structlog.get_logger("wachbuch.request")

HEADER: Final = b"x-request-id"
UNKNOWN: Final = "unknown"
"""Stands for every path that is not offered: what somebody typed there belongs into no log and no figure."""
_PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds; only told when they do not answer 2xx."""
_LAST_GOOD: Final = 299
_BROKEN: Final = 500


class Watching:
    """An ASGI application around another one. The body of a request is never looked at, nor is its query."""

    def __init__(self, application: ASGIApp, meter: Meter, paths: Mapping[object, str]) -> None:
        """`paths`: what answers → the path that it answers, with the names of its parameters."""
        self._application = application
        self._paths = paths
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and look at what comes back."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        request, began, statuses = secrets.token_hex(8), time.perf_counter(), [_BROKEN]

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses[0] = message["status"]
                message["headers"] = [*message.get("headers", ()), (HEADER, request.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request):
            try:
                await self._application(scope, receive, watched)
            finally:
                self._tell(scope, statuses[0], time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = self._paths.get(scope.get("endpoint"), UNKNOWN)
        self._meter.requested(route, status, seconds)
        tell = log.debug if route in _PROBES and status <= _LAST_GOOD else log.info
        tell("request", method=scope["method"], route=route, status=status, milliseconds=round(seconds * 1000, 1))
