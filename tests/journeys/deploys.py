"""A merged pull request of the depot, ready to be deployed; and a pipeline with its token."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import uvicorn

from bot import credentials
from bot.web.server import create_app
from tests.fakes.client import Answer
from tests.journeys.policies import DEPOT
from tests.journeys.test_change_github import NUMBER, Request
from tests.journeys.world import World
from workflows.change.codes import DeploymentOutcome
from workflows.logbook import TokenScope


class Release(Request):
    """A pull request of the depot, merged with a passed verdict."""

    def __init__(self, shop: World, *, number: str = NUMBER, branch: str = "work", merge: bool = True) -> None:
        super().__init__(shop, repo=DEPOT, branch=branch)
        self.change = number
        self.plan(number=number)
        self.review("lena")
        self.sha = str(self.step("merge", DEPOT, self.number, "max")) if merge else ""

    def deploy(self, environment: str, state: str = "success", sha: str = "") -> int:
        """A deployment on GitHub."""
        return int(self.step("deploy", DEPOT, sha or self.sha, environment, "max", state=state))

    def approve(self, who: str = "ralf", environment: str = "prod") -> None:
        """Approve in Slack."""
        self.shop.say(who, "/change", f"approve {self.change} deploy {environment}")
        self.shop.work(seconds=2)

    def outcome(self, environment: str = "prod") -> DeploymentOutcome | None:
        """How the environment stands by the record."""
        found = self.shop.change(self.change).requests[0].stage(environment)
        return found.outcome if found else None


def token(shop: World, *scopes: TokenScope, repositories: tuple[str, ...] = (), days: int = 90) -> str:
    """A token of a pipeline, as the command line makes it."""
    made, now = credentials.new_token(), shop.clock.now
    with shop.store.transaction() as uow:
        stored = credentials.PipelineToken(
            name="depot", scopes=scopes or (TokenScope.GATE_CHECK,), repositories=repositories,
            expires=now + timedelta(days=days), created_at=now, created_by="petra",
            digest=credentials.digest_of(made),
        )  # fmt: skip
        credentials.store_token(uow, stored)
    return made


def ask(shop: World, secret: str, path: str = "check", **body: Any) -> Answer:
    """A pipeline asks the API."""
    headers = {"authorization": f"Bearer {secret}", "content-type": "application/json"}
    return shop.door(f"/api/v1/gate/{path}", headers, json.dumps(body).encode())


@contextmanager
def listening(shop: World) -> Iterator[str]:
    """The service on a socket of loopback; its address."""
    config = uvicorn.Config(create_app(shop.app.edge), host="127.0.0.1", port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
