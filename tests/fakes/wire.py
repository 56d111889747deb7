"""A small stateful HTTP server on loopback: the ground on which the fake Slack and the fake GitHub stand.

The fakes answer over real sockets, so that the real SDKs, their retries and their time-outs are under test.
Every fake has the same controls, in process as methods and from outside below `/control`.
"""

import hashlib
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

Json = Any
"""Whatever `json.loads` gives."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read completely."""

    verb: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    def json(self) -> Json:
        """The body as JSON; an empty body is an empty object."""
        return json.loads(self.body) if self.body else {}

    def form(self) -> dict[str, str]:
        """The body as a form, together with the query."""
        return {**self.query, **dict(parse_qsl(self.body.decode(), keep_blank_values=True))}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `body` None means no content."""

    status: int = 200
    body: Json | bytes = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The bytes that go out."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(slots=True)
class Fault:
    """An injected failure. `operation` is a method or route name, `*` any.

    `after_effect`: the work is done, then the answer never comes (the client runs into its time-out).
    """

    operation: str = "*"
    times: int = 1
    status: int = 500
    error: str = "internal_error"
    retry_after: int | None = None
    after_effect: bool = False
    hang_ms: int = 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def __init__(self, port: int, fake: "FakeServer") -> None:
        self.fake = fake
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is daily business; anything else is kept for the test to see."""
        del request, client_address


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    server: _Server

    def _serve(self) -> None:
        split = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        request = Request(
            verb=self.command,
            path=split.path,
            query=dict(parse_qsl(split.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
        )
        if request.headers.get("upgrade", "").lower() == "websocket":
            self.close_connection = True
            self.server.fake.upgrade(request, self.connection, self.rfile)
            return
        reply = self.server.fake.answer(request)
        if reply is None:
            self.close_connection = True
            return
        payload = reply.encoded()
        self.send_response(reply.status)
        headers = {"content-type": "application/json; charset=utf-8", **reply.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _serve

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Stay quiet."""


@dataclass(slots=True)
class Lag:
    """Reads that still answer from an earlier state, as replicas do that lag behind."""

    seen: Any
    reads: int
    operations: frozenset[str]


class FakeServer:
    """Base of the fakes. Subclasses give `operation`, `handle`, `refusal`, `state`, and `world` as they see it."""

    world: Any

    actions: ClassVar[frozenset[str]] = frozenset()
    """Methods of the subclass that `/control/do` may call by name."""

    def __init__(self, *, latency_ms: int = 0) -> None:
        self.lock = threading.RLock()
        self.latency_ms = latency_ms
        self.calls: Counter[str] = Counter()
        self.call_log: list[str] = []
        self.faults: list[Fault] = []
        self.lags: list[Lag] = []
        self.heard: Callable[[str, Request], None] | None = None
        """Is told of every call that was carried out, by the name of its operation."""
        self.url = ""
        self._server: _Server | None = None

    def start(self, port: int = 0) -> str:
        """Listen on loopback; returns the base URL without a slash at its end."""
        self._server = _Server(port, self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()
        return self.url

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop."""
        self.stop()

    # controls -------------------------------------------------------------------------------------------------

    def fail(self, operation: str = "*", **settings: Any) -> None:
        """Let the next `times` calls of an operation fail; see `Fault`."""
        with self.lock:
            self.faults.append(Fault(operation=operation, **settings))

    def lag(self, reads: int, operations: Iterable[str]) -> None:
        """The next so many reads by these operations do not see what happens from now on."""
        with self.lock:
            self.lags.append(Lag(self.world.copy(), reads, frozenset(operations)))

    def reset_calls(self) -> None:
        """Start counting again."""
        with self.lock:
            self.calls.clear()
            self.call_log.clear()

    # to be given by subclasses --------------------------------------------------------------------------------

    def operation(self, request: Request) -> str:
        """The name under which a request is counted and can be made to fail."""
        raise NotImplementedError

    def handle(self, request: Request) -> Reply:
        """Do the work."""
        raise NotImplementedError

    def refusal(self, fault: Fault) -> Reply:
        """An injected failure in this service's own words."""
        raise NotImplementedError

    def state(self) -> Json:
        """Everything worth looking at from outside."""
        raise NotImplementedError

    def part(self, name: str, **having: Any) -> Json:
        """One part of the state, and of that what has these attributes; much cheaper than everything."""
        raise NotImplementedError

    def upgrade(self, request: Request, connection: socket.socket, stream: BufferedIOBase) -> None:
        """Take over a connection that asks for WebSocket; returns when it is over. By default it is refused."""
        del request, stream
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")

    # serving --------------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Reply | None:
        """The answer to one request; None hangs up without one."""
        if request.path.startswith("/control/"):
            return self._control(request)
        operation = self.operation(request)
        with self.lock:
            self.calls[operation] += 1
            self.call_log.append(operation)
            fault = self._take_fault(operation)
        if self.latency_ms:
            time.sleep(self.latency_ms / 1000)
        if fault is None:
            return self._handled(operation, request)
        if not fault.after_effect:
            time.sleep(fault.hang_ms / 1000)
            return self.refusal(fault)
        self.handle(request)
        time.sleep(fault.hang_ms / 1000)
        return None

    def _handled(self, operation: str, request: Request) -> Reply:
        if self.heard is not None:
            self.heard(operation, request)
        with self.lock:
            lag = next((one for one in self.lags if one.reads > 0 and operation in one.operations), None)
            if lag is not None:
                lag.reads -= 1
                now, self.world = self.world, lag.seen
                try:
                    return self.handle(request)
                finally:
                    self.world = now
        return self.handle(request)

    def _take_fault(self, operation: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.operation in ("*", operation):
                fault.times -= 1
                return fault
        return None

    def _control(self, request: Request) -> Reply:
        what = request.path.removeprefix("/control/")
        arguments = request.json()
        if what == "state":
            with self.lock:
                return Reply(body=self.part(**arguments) if arguments else self.state())
        if what == "calls":
            return Reply(body={"calls": dict(self.calls), "log": list(self.call_log)})
        if what == "reset-calls":
            self.reset_calls()
        elif what == "latency":
            self.latency_ms = int(arguments["ms"])
        elif what == "fail":
            self.fail(**arguments)
        elif what == "lag":
            self.lag(**arguments)
        elif what == "do" and arguments.get("action") in self.actions:
            result = getattr(self, arguments.pop("action"))(**arguments)
            return Reply(body={"ok": True, "result": result})
        else:
            return Reply(404, {"ok": False, "error": f"no such control: {what}", "actions": sorted(self.actions)})
        return Reply(body={"ok": True})


@dataclass(slots=True)
class Quota:
    """A budget of requests that fills up again at a fixed time."""

    limit: int
    seconds: int
    """How long one filling lasts."""
    clock: Callable[[], float] = time.time
    remaining: int = -1
    reset_at: int = 0

    def __post_init__(self) -> None:
        self.exhaust(self.limit, self.seconds)

    def exhaust(self, remaining: int = 0, reset_in: int = 60) -> None:
        """Only so much is left until then."""
        self.remaining, self.reset_at = remaining, int(self.clock()) + reset_in

    @property
    def left(self) -> int:
        """What a header would say is left."""
        return max(0, self.remaining)

    @property
    def wait(self) -> int:
        """Seconds until it fills up again."""
        return max(0, self.reset_at - int(self.clock()))

    def spend(self) -> bool:
        """Take one; False when none is left."""
        if self.remaining <= 0 and self.clock() < self.reset_at:
            return False
        if self.remaining <= 0:
            self.exhaust(self.limit, self.seconds)
        self.remaining -= 1
        return True


@dataclass(slots=True)
class Burst:
    """A budget of points within any minute. None: no limit, as in most tests."""

    limit: int | None = None
    seconds: float = 60.0
    _spent: list[tuple[float, int]] = field(default_factory=list)

    def spend(self, points: int) -> int:
        """Take so many; 0 when they were there, else the seconds to wait."""
        if self.limit is None:
            return 0
        now = time.monotonic()
        self._spent = [one for one in self._spent if now - one[0] < self.seconds]
        if sum(one[1] for one in self._spent) + points > self.limit:
            return max(1, round(self.seconds - (now - self._spent[0][0]))) if self._spent else round(self.seconds)
        self._spent.append((now, points))
        return 0


def etag_of(body: Json) -> str:
    """The weak ETag of an answer."""
    return f'W/"{hashlib.sha256(json.dumps(body).encode()).hexdigest()}"'


def page(items: Iterable[Any], number: int, size: int) -> tuple[list[Any], int]:
    """One page (from 1) of a list, and the number of pages."""
    everything = list(items)
    pages = max(1, -(-len(everything) // size))
    return everything[(number - 1) * size : number * size], pages


def page_links(base_url: str, request: Request, number: int, pages: int, cursor: str = "page") -> str:
    """The Link header of page `number`: previous, next, last and first, as far as they are elsewhere."""
    links = []
    for name, target in (("prev", number - 1), ("next", number + 1), ("last", pages), ("first", 1)):
        wanted = target > number if name in ("next", "last") else target < number
        if wanted and 1 <= target <= pages:
            query = urlencode({**request.query, cursor: target})
            links.append(f'<{base_url}{request.path}?{query}>; rel="{name}"')
    return ", ".join(links)
