"""Calls to a pager: one request each, with a time-out; errors say who has to act."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from config.settings import PagingFormat
from integrations.answers import check, told_wait
from integrations.errors import RateLimited, Rejected, Unreachable
from integrations.pager.bodies import Outgoing, Told, genie_key, outgoing

SECONDS: Final = 10.0
_MOST_READ: Final = 4096
_REDIRECTS: Final = range(300, 400)
_TOKEN_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class _Stay(urllib.request.HTTPRedirectHandler):
    """No redirect is followed: a token goes to the address that was set, or nowhere."""

    def redirect_request(self, *_: object) -> None:
        """Refuse."""


_OPENER: Final = urllib.request.build_opener(_Stay)


@dataclass(frozen=True, slots=True)
class Pager:
    """One pager. Its address and its token are secrets: no error holds them."""

    url: str = field(repr=False)
    token: str = field(repr=False)
    kind: PagingFormat
    seconds: float = SECONDS
    clock: Callable[[], float] = time.time

    def tell(self, told: Told) -> bool:
        """Tell a step; False where the format has no such step.

        Raises RateLimited and Unreachable when a later try may do, NotPermitted, NotThere and Rejected when none will.
        """
        request = outgoing(self.kind, self.url, self.token, told)
        if request is None:
            return False
        status, headers, text = self._ask("POST", request)
        wait = told_wait(headers, self.clock())
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and wait is not None:
            raise RateLimited(wait)
        check(status, headers, text, self.clock())
        if status in _REDIRECTS:
            raise Rejected(status, "a redirect")
        return True

    def probe(self) -> None:
        """Whether it answers, without calling anybody. Raises as `tell`; Opsgenie alone says if it knows the token.

        Any answer but a failure of the server is one.
        """
        verb, request = self._harmless()
        status, headers, text = self._ask(verb, request)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            check(status, headers, text, self.clock())
        if self.kind is PagingFormat.OPSGENIE and status in _TOKEN_REFUSED:
            check(status, {}, text, self.clock())

    def _harmless(self) -> tuple[str, Outgoing]:
        match self.kind:
            case PagingFormat.OPSGENIE:
                return "GET", Outgoing(f"{self.url}?limit=1", b"", genie_key(self.token))
            case PagingFormat.NTFY:
                parts = urlsplit(self.url)
                root = parts.path.rstrip("/").rpartition("/")[0]
                return "GET", Outgoing(urlunsplit(parts._replace(path=f"{root}/v1/health", query="")), b"", {})
            case _:
                return "HEAD", Outgoing(self.url, b"", {})

    def _ask(self, verb: str, what: Outgoing) -> tuple[int, Mapping[str, str], str]:
        request = urllib.request.Request(what.url, what.body or None, dict(what.headers), method=verb)  # noqa: S310 from our settings, checked there
        try:
            return self._answered(request)
        except (OSError, HTTPException) as error:
            late = isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError)
            raise Unreachable("no answer in time" if late else "no connection", timed_out=late) from error

    def _answered(self, request: urllib.request.Request) -> tuple[int, Mapping[str, str], str]:
        try:
            with _OPENER.open(request, timeout=self.seconds) as answer:
                return answer.status, {}, ""
        except urllib.error.HTTPError as error:
            with error:
                headers = {name.lower(): value for name, value in error.headers.items()}
                return error.code, headers, error.read(_MOST_READ).decode(errors="replace")
