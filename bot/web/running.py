"""The HTTP server of the process."""

import signal
import sys
import threading
import time
from types import FrameType
from typing import Final

import structlog
import uvicorn

from bot.web.server import Edge, create_app

log = structlog.get_logger(__name__)

GRACE_SECONDS: Final = 20
"""How long requests in hand may take when the process is asked to end."""
DRAIN_SECONDS: Final = 5.0
"""How long it still answers then, while others are there: until a load balancer has seen that it is not ready."""


class Server(uvicorn.Server):
    """Ends in two steps: first it is not ready and takes no work, then it stops listening.

    Only SIGTERM waits between the two, and only while other processes serve; Ctrl-C and a second SIGTERM do not.
    """

    def __init__(self, edge: Edge, config: uvicorn.Config) -> None:
        """Serves `edge`, which `config` was made of."""
        super().__init__(config)
        self._edge = edge
        self._asked = False
        self._leaving: threading.Thread | None = None
        self._until = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal. The work is done in the next tick: a signal may come at any line of code, locks held."""
        if sig == signal.SIGTERM and not self._asked and self.started:
            self._asked = True
            self._captured_signals.append(sig)
            return
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: leave when asked to, stop when the time is over."""
        if self._asked and self._leaving is None:
            self._until = time.monotonic() + DRAIN_SECONDS
            self._leaving = threading.Thread(target=self._leave, name="leaving", daemon=True)
            self._leaving.start()
        if self._asked and time.monotonic() >= self._until:
            self.should_exit = True
        return await super().on_tick(counter)

    def _leave(self) -> None:
        """In a thread of its own: the database may be slow, and until then requests are answered."""
        others = self._edge.leave()
        log.info("process.leaving", others=others)
        if not others:
            self._until = 0.0


def run_server(edge: Edge, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; being asked to end is no failure, so it ends by `SystemExit` with 0.

    uvicorn takes the signals while it serves, and raises them again when it is done: then these handlers are back.
    """
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, _end)
    config = uvicorn.Config(
        create_app(edge),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(edge, config)
    server.run()
    if not server.started:
        sys.exit(1)


def _end(_: int, __: FrameType | None) -> None:
    sys.exit(0)
