"""The one way to GitLab: python-gitlab's connection and authentication, our limits, time-outs and errors.

python-gitlab sleeps through rate limits unless told otherwise; here nothing sleeps longer than a second. Longer waits
belong to the job queue, which gets `RateLimited` with the time to come back.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import gitlab
import requests

from integrations import answers
from integrations.answers import PAGE, Answer
from integrations.errors import Unexpected, Unreachable
from integrations.observed import Observe, observed, unobserved

URL: Final = "https://gitlab.com"
_TIMEOUT: Final = 10


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are there."""

    id: int
    username: str


@dataclass(slots=True)
class _Connection:
    """One thread's connection. `last` is the answer as it came: the SDK's errors leave out its headers."""

    sdk: gitlab.Gitlab
    session: requests.Session
    last: requests.Response | None = None


class Client:
    """Calls to one GitLab, with a personal, project or group access token. Threads may share it; close it at the end.

    `url` is GitLab's own address, with a path where it is installed below one. Paths of calls stand below `/api/v4`.
    """

    def __init__(
        self, url: str, token: str, *, timeout: int = _TIMEOUT, clock: Callable[[], float] = time.time,
        observe: Observe = unobserved,
    ) -> None:  # fmt: skip
        """`observe` is told of every call."""
        self._observe = observe
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._clock = clock
        self._lock = threading.Lock()
        self._own = threading.local()
        self._opened: list[requests.Session] = []
        self._account: Account | None = None

    def account(self) -> Account:
        """Whose token it is. Asked once."""
        if self._account is None:
            found = self.get("/user").body
            self._account = Account(int(found["id"]), str(found["username"]))
        return self._account

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            opened, self._opened = self._opened, []
        for one in opened:
            one.close()
        self._own = threading.local()

    # calls ----------------------------------------------------------------------------------------------------

    def get(self, path: str, *, parameters: Mapping[str, Any] | None = None, etag: str = "") -> Answer:
        """Read one thing."""
        headers = {"If-None-Match": etag} if etag else {}
        return self._send("get", path, parameters=parameters, headers=headers, repeat=True)

    def pages(self, path: str, *, parameters: Mapping[str, Any] | None = None, most: int = 10) -> Iterator[Any]:
        """Read a list, 100 at a time and at most `most` pages."""
        for number in range(1, most + 1):
            items = self.get(path, parameters={**(parameters or {}), "per_page": PAGE, "page": number}).body
            if not isinstance(items, list):
                raise Unexpected(f"expected a list at {path}, found {type(items).__name__}")
            yield from items
            if len(items) < PAGE:
                return

    def write(self, verb: str, path: str, content: Mapping[str, Any]) -> Any:
        """Write once: never repeated here, since it may have taken effect (Unreachable says so)."""
        return self._send(verb.lower(), path, content=content, repeat=False).body

    def query(self, text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The `data` of a GraphQL query."""
        content = {"query": text, "variables": dict(variables)}
        body = self._send("post", f"{self._url}/api/graphql", content=content, repeat=True).body
        return answers.graphql_data(body)

    def _send(
        self,
        verb: str,
        path: str,
        *,
        repeat: bool,
        parameters: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        content: Mapping[str, Any] | None = None,
    ) -> Answer:
        def once() -> Answer:
            return self._once(verb, path, parameters, headers, content)

        return answers.tried(lambda: observed(once, self._observe, self._left), repeat=repeat)

    def _left(self) -> int | None:
        """Calls that GitLab still allows, as it said last; None where it sets no limit."""
        last = self._connection().last
        told = str(last.headers.get("ratelimit-remaining", "")) if last is not None else ""
        return int(told) if told.isdigit() else None

    def _once(
        self,
        verb: str,
        path: str,
        parameters: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        content: Mapping[str, Any] | None,
    ) -> Answer:
        connection = self._connection()
        connection.last = None
        try:
            connection.sdk.http_request(
                verb,
                path,
                query_data=dict(parameters or {}),
                post_data=dict(content) if content is not None else None,
                extra_headers=dict(headers or {}),
                obey_rate_limit=False,
                retry_transient_errors=False,
            )
        except gitlab.exceptions.RedirectError as error:
            raise Unexpected("redirected: the address has to be the one that GitLab calls its own") from error
        except gitlab.exceptions.GitlabError as error:
            if connection.last is None:
                raise Unexpected(f"no answer for {verb} {path}: {type(error).__name__}") from error
        except requests.Timeout as error:
            raise Unreachable(f"no answer within {self._timeout} s to {verb} {path}", timed_out=True) from error
        except requests.RequestException as error:
            raise Unreachable(f"no connection for {verb} {path}: {type(error).__name__}") from error
        return self._read(connection, verb, path)

    def _read(self, connection: _Connection, verb: str, path: str) -> Answer:
        last = connection.last
        if last is None:
            raise Unexpected(f"no answer for {verb} {path}")
        try:
            return answers.answer(last.status_code, last.headers, last.text, self._clock())
        except ValueError as error:
            raise Unexpected(f"expected JSON from {verb} {path}") from error

    def _connection(self) -> _Connection:
        """This thread's connection."""
        known: _Connection | None = getattr(self._own, "connection", None)
        if known is not None:
            return known
        session = requests.Session()
        sdk = gitlab.Gitlab(
            self._url,
            oauth_token=self._token,
            timeout=self._timeout,
            user_agent="wachbuch",
            session=session,
        )
        fresh = _Connection(sdk, session)

        def keep(response: requests.Response, *_: Any, **__: Any) -> None:
            fresh.last = response

        session.hooks["response"].append(keep)
        self._own.connection = fresh
        with self._lock:
            self._opened.append(session)
        return fresh
