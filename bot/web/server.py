"""The ASGI edge: health, Slack, webhooks. It verifies, stores and answers; it decides nothing."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.meter import Meter
from bot.web.console.looking import Looking
from bot.web.console.routes import Console, console_routes
from bot.web.gate_api import GateApi
from bot.web.metrics import MetricsEndpoint
from bot.web.problems import problem
from bot.web.slack import SlackEndpoint
from bot.web.watching import Watching
from bot.web.webhooks import Webhook
from workflows.errors import Conflict
from workflows.store.errors import Unavailable

log = structlog.get_logger(__name__)

Probe = Callable[[], dict[str, str]]
"""Names of parts that are not ready, each with the reason; empty when all is well."""


CALLERS: Final[Mapping[str, tuple[str, str, int]]] = {
    "github": ("GitHub", "GITHUB_WEBHOOK_SECRET", 503),
    "gitlab": ("GitLab", "GITLAB_SIGNING_TOKEN", 503),
    "alertmanager": ("Alertmanager", "ALERTMANAGER_TOKEN", 404),
}
"""Whose webhooks there is a path for: the last part of it, its name, the setting that opens it, and the answer without.

Alertmanager tries again for hours what is answered with 5xx, and puts its other notifications off meanwhile.
"""


@dataclass(frozen=True, slots=True)
class Edge:
    """What this process offers over HTTP. What is not configured is answered with what is missing."""

    ready: Probe
    slack: SlackEndpoint | None
    webhooks: Mapping[str, Webhook]
    start: Callable[[], None]
    leave: Callable[[], bool]
    """Take nothing new any more; whether other processes are there to send requests to."""
    stop: Callable[[], None]
    metrics: MetricsEndpoint | None = None
    meter: Meter = field(default_factory=Meter)
    gate: GateApi | None = None
    console: Console | None = None


def create_app(edge: Edge) -> FastAPI:
    """The application. `start` and `stop` run with the server's life, so that a signal ends the workers in order."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        edge.start()
        try:
            yield
        finally:
            edge.stop()

    # A slash too many is another address. Behind a proxy the redirect would lead, with all that stands in it, to http.
    app = FastAPI(
        title="Wachbuch", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan, redirect_slashes=False
    )
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(Conflict, _unavailable)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_route("/healthz", _healthy, methods=["GET"])
    app.add_route("/readyz", _readiness(edge.ready), methods=["GET"])
    if edge.metrics:
        app.add_route("/metrics", edge.metrics.answer, methods=["GET"])
    app.add_route("/slack/events", _slack(edge), methods=["POST"])
    for source, (name, setting, status) in CALLERS.items():
        hook = edge.webhooks.get(source)
        answer = hook.answer if hook else _missing(name, setting, status)
        app.add_route(f"/webhooks/{source}", answer, methods=["POST"])
    if edge.gate is not None:
        app.add_route("/api/v1/gate/check", edge.gate.check, methods=["GET", "POST"])
        app.add_route("/api/v1/gate/record", edge.gate.record, methods=["POST"])
        app.add_route("/api/v1/gate/offline", edge.gate.offline, methods=["POST"])
    if edge.console is not None:
        # Last: everything else is the console.
        app.router.routes.extend(console_routes(edge.console))
        app.add_exception_handler(404, Looking(edge.console).nowhere)
    paths: dict[object, str] = {one.endpoint: one.path for one in app.routes if isinstance(one, Route)}
    app.add_middleware(Watching, edge.meter, paths)
    return app


async def _unavailable(_: Request, error: Exception) -> Response:
    """Nothing was stored, and nothing is claimed: whoever sent it can send it again."""
    log.error("edge_unavailable", error=type(error).__name__)
    return problem(503, "the database does not answer; nothing was stored", "the same request later")


async def _gone(_: Request, __: Exception) -> Response:
    """Nobody waits for this answer any more."""
    return problem(400, "the body ended early", "the whole body")


async def _healthy(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


def _readiness(probe: Probe) -> Any:
    def ready(_: Request) -> Response:
        missing = probe()
        if missing:
            return JSONResponse({"status": "not ready", "parts": missing}, status_code=503)
        return JSONResponse({"status": "ready"})

    return ready


def _slack(edge: Edge) -> Any:
    # Bound methods: Starlette takes any other callable object for an ASGI application.
    return edge.slack.answer if edge.slack else _missing("Slack over HTTP", "SLACK_SIGNING_SECRET, no SLACK_APP_TOKEN")


def _missing(name: str, setting: str, status: int = 503) -> Any:
    async def missing(_: Request) -> Response:
        return problem(status, f"{name} is not connected", f"the setting {setting}")

    return missing
