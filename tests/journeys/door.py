"""The edge without a socket: requests go through the real ASGI application, on an event loop in a thread."""

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from tests.fakes.client import Answer

SECONDS = 30.0


class Door:
    """Sends requests into an application. Several threads may use it at once, as connections of a server would."""

    def __init__(self, application: ASGIApp, client: str = "127.0.0.1") -> None:
        self._application = application
        self._client = client
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def __call__(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST, as the fakes send."""
        return self.send("POST", path, headers, body).result(SECONDS)

    def get(self, path: str) -> Answer:
        """GET."""
        return self.send("GET", path, {}, b"").result(SECONDS)

    def send(
        self, verb: str, path: str, headers: Mapping[str, str], body: bytes, *, pieces: int = 1
    ) -> "Future[Answer]":
        """A request on its way. `pieces`: in how many parts the body arrives."""
        coroutine = self._exchange(verb, path, headers, body, pieces)
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def close(self) -> None:
        """End the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()

    async def _exchange(self, verb: str, path: str, headers: Mapping[str, str], body: bytes, pieces: int) -> Answer:
        size = max(1, -(-len(body) // pieces))
        parts = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
        waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        waiting[-1]["more_body"] = False
        said: list[Message] = []

        async def receive() -> Message:
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            said.append(message)

        await self._application(self._here(verb, path, headers), receive, send)
        start = next(one for one in said if one["type"] == "http.response.start")
        content = b"".join(one.get("body", b"") for one in said if one["type"] == "http.response.body")
        named = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answer(start["status"], named, content)

    def _here(self, verb: str, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
        return self._scope(verb, path, headers) | {"client": (self._client, 1)}

    @staticmethod
    def _scope(verb: str, target: str, headers: Mapping[str, str]) -> dict[str, Any]:
        path, _, query = target.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": verb,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
