"""The HTTP server of the process."""

from typing import Final

import uvicorn

from bot.web.server import Edge, create_app

GRACE_SECONDS: Final = 20
"""How long requests in hand may take when the process is asked to end."""


def run_server(edge: Edge, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    uvicorn.run(
        create_app(edge),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
