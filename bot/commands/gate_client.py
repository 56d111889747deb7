"""The way from a pipeline to the service: one request, tried three times, and nothing taken for an answer that is none.

Redirections are not followed: the token is for the configured address alone.
"""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

TRIES: Final = 3
_PAUSES: Final = (0.5, 2.0)
_TIMEOUT: Final = 20
_MOST: Final = 4 * 1024 * 1024
_REFUSALS: Final = frozenset({400, 401, 403, 404, 413, 422})


class Unreachable(Exception):
    """No answer after all tries; the text says what happened last."""


class RefusedByService(Exception):
    """The service answered that it does not take this. `detail`: what it expected."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Never: what answers elsewhere is not who was asked."""


@dataclass(frozen=True, slots=True)
class GateClient:
    """Asks one service."""

    url: str
    token: str

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer. Raises RefusedByService; Unreachable after three tries."""
        last = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(_PAUSES[attempt - 1])
            found = self._once(path, body)
            if isinstance(found, dict):
                return found
            last = found
        raise Unreachable(last)

    def _once(self, path: str, body: Mapping[str, Any]) -> dict[str, Any] | str:
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.token}"}
        address = f"{self.url.rstrip('/')}{path}"
        request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310 checked by the settings
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=_TIMEOUT) as answer:
                return _object(answer.read(_MOST)) or "the answer is no JSON object"
        except urllib.error.HTTPError as error:
            return self._failed(error)
        except (OSError, ValueError, http.client.HTTPException) as error:
            return f"{urlsplit(self.url).hostname}: {getattr(error, 'reason', None) or type(error).__name__}"

    def _failed(self, error: urllib.error.HTTPError) -> str:
        told = _object(error.read(_MOST)) or {}
        if error.code in _REFUSALS:
            raise RefusedByService(error.code, str(told.get("title", error.reason)), str(told.get("detail", "")))
        return f"{error.code} {told.get('title', error.reason)}"


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
