"""Reading GitHub's answers: which are errors, whose they are, and how long to wait."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from integrations.github.errors import (
    GitHubError,
    NotPermitted,
    NotThere,
    RateLimited,
    Rejected,
    Unexpected,
    Unreachable,
)

_LEAST_WAIT: Final = 1.0
_SECONDARY_WAIT: Final = 60.0
"""Without further word GitHub asks for at least a minute."""
_ERRORS: Final = 400
_SERVER: Final = 500
_BAD_CREDENTIALS: Final = "the credentials are refused"
_MOST_WORDS: Final = 300


def check(status: int, headers: Mapping[str, Any], text: object, now: float) -> None:
    """Raise the error that this answer is; an answer that is none passes. `now` is the epoch in seconds."""
    if status < _ERRORS:
        return
    raise _error(status, headers, _words(text), now)


def _error(status: int, headers: Mapping[str, Any], words: str, now: float) -> GitHubError:
    if status >= _SERVER:
        return Unreachable(f"GitHub answered {status}")
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
    """Seconds to wait, None when this is no rate limit. Order of the documentation: retry-after, reset, a minute."""
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
    reset = str(headers.get("x-ratelimit-reset", ""))
    if str(headers.get("x-ratelimit-remaining", "")) == "0" and reset.isdigit():
        return max(float(reset) - now, _LEAST_WAIT)
    return None


def _words(text: object) -> str:
    """GitHub's own explanation, in one line."""
    try:
        body = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return "no explanation"
    if not isinstance(body, dict):
        return "no explanation"
    parts = [str(body.get("message", "")), *(_detail(one) for one in body.get("errors") or ())]
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


def _graphql_error(errors: Any, wait: float | None) -> GitHubError:
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
    """A time as GitHub writes it."""
    return datetime.fromisoformat(text)
