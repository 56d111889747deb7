"""`GET /metrics`: for this machine, and for whoever has the token. Everybody else gets 403."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.web.problems import problem
from config.settings.rules import is_loopback

_FORWARDED: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""Set by proxies: a request with one of them comes from elsewhere, even when the proxy is on this machine."""


@dataclass(frozen=True, slots=True)
class MetricsEndpoint:
    """The endpoint. `token` None: only this machine may read."""

    text: Callable[[], bytes]
    content_type: str
    token: str | None = field(default=None, repr=False)

    async def answer(self, request: Request) -> Response:
        """The figures, or 403."""
        if not (self._has_token(request) or _is_local(request)):
            return problem(403, "not allowed", "a request from this machine, or the metrics token as bearer")
        return Response(await run_in_threadpool(self.text), media_type=self.content_type)

    def _has_token(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if self.token is None or scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(given.strip().encode(), self.token.encode())


def _is_local(request: Request) -> bool:
    direct = not any(name in request.headers for name in _FORWARDED)
    return direct and request.client is not None and is_loopback(request.client.host)
