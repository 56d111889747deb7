"""The other side: a minimal HTTP client for tests, with one kept-alive connection per thread and address."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CONTROL_SECONDS = 300.0
"""Some controls wait for the service under test, which may have to start first."""
_connections = threading.local()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how long."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON; None when there is no body or no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


Transport = Callable[[str, Mapping[str, str], bytes], Answer]
"""POSTs a body with headers to a path of the service under test. Tests may put an in-process one here."""


def over_http(base_url: str, timeout: float = 30.0) -> Transport:
    """A transport to a listening service."""

    def send(path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return request(base_url, "POST", path, headers, body, timeout=timeout)

    return send


def request(
    base_url: str,
    verb: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    *,
    timeout: float = 30.0,
) -> Answer:
    """One request; a connection that the other side closed meanwhile is opened again once."""
    start = time.perf_counter()
    for attempt in (1, 2):
        connection, fresh = _connection(base_url, timeout)
        try:
            connection.request(verb, path, body or None, dict(headers or {}))
            response = connection.getresponse()
            content = response.read()
        except (http.client.HTTPException, OSError) as error:
            connection.close()
            _pool().pop(base_url, None)
            # What is only slow was heard: sent again, it would be done twice.
            if fresh or attempt == 2 or isinstance(error, TimeoutError):
                if isinstance(error, OSError):
                    raise
                raise ConnectionResetError("the answer broke off") from error
            continue
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, content, time.perf_counter() - start)
    raise AssertionError("unreachable")


def hang_up() -> None:
    """Close this thread's connections, before the thread ends."""
    pool = _pool()
    while pool:
        pool.popitem()[1].close()


def _pool() -> dict[str, http.client.HTTPConnection]:
    pool: dict[str, http.client.HTTPConnection] | None = getattr(_connections, "pool", None)
    if pool is None:
        pool = _connections.pool = {}
    return pool


def _connection(base_url: str, timeout: float) -> tuple[http.client.HTTPConnection, bool]:
    pool = _pool()
    if base_url in pool:
        return pool[base_url], False
    split = urlsplit(base_url)
    pool[base_url] = http.client.HTTPConnection(split.hostname or "127.0.0.1", split.port, timeout=timeout)
    return pool[base_url], True


class Controls:
    """The controls of a fake that runs elsewhere (or here: it makes no difference)."""

    def __init__(self, url: str) -> None:
        self.url = url

    def _post(self, what: str, arguments: Mapping[str, Any]) -> Any:
        headers = {"content-type": "application/json"}
        body = json.dumps(arguments).encode()
        answer = request(self.url, "POST", f"/control/{what}", headers, body, timeout=CONTROL_SECONDS)
        if answer.status != 200:
            raise AssertionError(f"{what}: {answer.status} {answer.text}")
        return answer.json()

    def do(self, action: str, **arguments: Any) -> Any:
        """Call one of the fake's actions."""
        return self._post("do", {"action": action, **arguments})["result"]

    def state(self) -> Any:
        """Everything the fake remembers."""
        return self._post("state", {})

    def part(self, name: str, **having: Any) -> Any:
        """One part of it, and of that what has these attributes."""
        return self._post("state", {"name": name, **having})

    def calls(self) -> dict[str, int]:
        """Calls per operation."""
        counted: dict[str, int] = self._post("calls", {})["calls"]
        return counted

    def reset_calls(self) -> None:
        """Start counting again."""
        self._post("reset-calls", {})

    def latency(self, milliseconds: int) -> None:
        """Slow every answer down."""
        self._post("latency", {"ms": milliseconds})

    def fail(self, operation: str = "*", **settings: Any) -> None:
        """Inject a failure; see `wire.Fault`."""
        self._post("fail", {"operation": operation, **settings})
