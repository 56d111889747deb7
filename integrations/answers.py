"""Reading a forge's answers: which are errors, whose they are, and how long to wait."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from integrations.errors import (
    ForgeError,
    NotPermitted,
    NotThere,
    RateLimited,
    Rejected,
    Unexpected,
    Unreachable,
)

PAGE: Final = 100
"""Items of a page, the most that the forges give."""
_PAUSES: Final = (0.2, 0.8)
"""Seconds before the second and third attempt of a read."""
_LEAST_WAIT: Final = 1.0
_SECONDARY_WAIT: Final = 60.0
"""Without further word at least a minute is asked for."""
_ERRORS: Final = 400
_SERVER: Final = 500
_UNCHANGED: Final = 304
_BAD_CREDENTIALS: Final = "the credentials are refused"
_MOST_WORDS: Final = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer. `unchanged`: 304 to the ETag that was sent, hence no body. `after`: the rest of a list.

    `wait`: seconds until the forge answers again when this was the last call of the quota.
    """

    body: Any
    etag: str = ""
    unchanged: bool = False
    after: str = ""
    wait: float | None = None


def answer(status: int, headers: Mapping[str, Any], text: str, now: float) -> Answer:
    """What was answered, or the error that it is. `now` is the epoch in seconds."""
    check(status, headers, text, now)
    body = json.loads(text) if text.strip() else None
    rest, wait = after(str(headers.get("link", ""))), told_wait(headers, now)
    return Answer(body, str(headers.get("etag", "")), status == _UNCHANGED, rest, wait)


def tried(once: Callable[[], Answer], *, repeat: bool) -> Answer:
    """One attempt, or for reads up to three. What did not come in time is not asked for again."""
    for pause in _PAUSES if repeat else ():
        try:
            return once()
        except Unreachable as error:
            if error.timed_out:
                raise
            time.sleep(pause)
    return once()


def check(status: int, headers: Mapping[str, Any], text: object, now: float) -> None:
    """Raise the error that this answer is; an answer that is none passes. `now` is the epoch in seconds."""
    if status < _ERRORS:
        return
    raise _error(status, headers, _words(text), now)


def _error(status: int, headers: Mapping[str, Any], words: str, now: float) -> ForgeError:
    if status >= _SERVER:
        return Unreachable(f"answered with {status}")
    if status in (403, 429) and (waiting := _wait(status, headers, words, now)) is not None:
        return RateLimited(waiting)
    match status:
        case 401:
            return NotPermitted(f"{_BAD_CREDENTIALS}: {words}")
        case 403:
            return NotPermitted(words)
        case 404 | 410:
            return NotThere(words)
    return Rejected(status, words)


def is_bad_credentials(error: NotPermitted) -> bool:
    """Whether the credentials themselves are refused, not what they may do."""
    return str(error).startswith(_BAD_CREDENTIALS)


def _wait(status: int, headers: Mapping[str, Any], words: str, now: float) -> float | None:
    """Seconds to wait, None when this is no rate limit. Order of their documentation: retry-after, reset, a minute."""
    told = told_wait(headers, now)
    if told is not None:
        return told
    limited = "rate limit" in words.lower() or status == 429  # noqa: PLR2004 - Too Many Requests
    return _SECONDARY_WAIT if limited else None


def told_wait(headers: Mapping[str, Any], now: float) -> float | None:
    """Seconds that the headers ask to wait, None when they ask for nothing."""
    given = str(headers.get("retry-after", ""))
    if given.isdigit():
        return max(float(given), _LEAST_WAIT)
    reset = str(headers.get("x-ratelimit-reset", "") or headers.get("ratelimit-reset", ""))
    left = str(headers.get("x-ratelimit-remaining", "") or headers.get("ratelimit-remaining", ""))
    if left == "0" and reset.isdigit():
        return max(float(reset) - now, _LEAST_WAIT)
    return None


def _words(text: object) -> str:
    """The forge's own explanation, in one line."""
    try:
        body = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return "no explanation"
    if not isinstance(body, dict):
        return "no explanation"
    said = body.get("message") or body.get("error") or ""
    listed = body.get("errors")
    parts = [str(said), *(_detail(one) for one in (listed if isinstance(listed, list) else ()))]
    return "; ".join(part for part in parts if part)[:_MOST_WORDS] or "no explanation"


def _detail(error: object) -> str:
    if isinstance(error, dict):
        return str(error.get("message") or f"{error.get('field', '')} {error.get('code', '')}".strip())
    return str(error)


def graphql_data(body: Any, wait: float | None = None) -> dict[str, Any]:
    """The `data` of a GraphQL answer, whose errors come with status 200. `wait`: what its headers asked for."""
    if not isinstance(body, dict):
        raise Unexpected(f"expected an object from GraphQL, found {type(body).__name__}")
    errors = body.get("errors")
    if errors:
        raise _graphql_error(errors, wait)
    data = body.get("data")
    if not isinstance(data, dict):
        raise Unexpected("expected data from GraphQL, found none")
    return data


def _graphql_error(errors: Any, wait: float | None) -> ForgeError:
    kinds = {str(one.get("type", "")) for one in errors if isinstance(one, dict)}
    words = "; ".join(_detail(one) for one in errors)[:_MOST_WORDS]
    if kinds & {"RATE_LIMITED", "RATE_LIMIT"}:
        return RateLimited(_SECONDARY_WAIT if wait is None else wait)
    if "NOT_FOUND" in kinds:
        return NotThere(words)
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        return NotPermitted(words)
    if kinds & {"SERVICE_UNAVAILABLE", "INTERNAL"} or "something went wrong" in words.lower():
        return Unreachable(words)
    return Unexpected(words)


def after(link: str) -> str:
    """The cursor or number of the next page that a `Link` header names; empty at the end of a list."""
    for part in link.split(","):
        address, _, relation = part.partition(";")
        if relation.strip() == 'rel="next"':
            query = parse_qs(urlsplit(address.strip().strip("<>")).query)
            return next((query[name][0] for name in ("cursor", "after", "page") if name in query), "")
    return ""


def moment(text: str) -> datetime:
    """A time as the forges write it."""
    return datetime.fromisoformat(text)
