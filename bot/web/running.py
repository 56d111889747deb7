"""The HTTP server of the process."""

import signal
import sys
from types import FrameType
from typing import Final

import uvicorn

from bot.web.server import Edge, create_app

GRACE_SECONDS: Final = 20
"""How long requests in hand may take when the process is asked to end."""


def run_server(edge: Edge, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; being asked to end is no failure, so it ends by `SystemExit` with 0.

    uvicorn takes the signals while it serves, and raises them again when it is done: then these handlers are back.
    """
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, _end)
    uvicorn.run(
        create_app(edge),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _end(_: int, __: FrameType | None) -> None:
    sys.exit(0)
