"""Whoever is to be called learns that a part of a process is down, and that it is back; in this order."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.alarm import PART_ALARM, part_alarm_handler, part_teller
from bot.app import compose
from bot.jobs.port import Handlers
from bot.jobs.runner import Runner
from config.settings import load_settings
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN
from tests.journeys.policies import policy
from tests.journeys.world import Clock, moment_of, opened


class Pager(ThreadingHTTPServer):
    """Takes calls; says 503 as often as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Calls)
        self.heard: list[Any] = []
        self.busy = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/page"


class Calls(BaseHTTPRequestHandler):
    server: Pager

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.server.busy:
            self.server.busy -= 1
            self.send_error(503)
            return
        self.server.heard.append(body)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Stay quiet."""


@pytest.fixture
def pager() -> Iterator[Pager]:
    with Pager() as made:
        threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
        yield made
        made.shutdown()


def test_down_and_back_are_told_in_order_even_when_the_first_call_fails(sqlite_url: str, pager: Pager) -> None:
    clock, handlers = Clock(), Handlers()
    handlers.outbox(PART_ALARM, part_alarm_handler(pager.url))
    with opened(sqlite_url, clock) as store:
        tell = part_teller(store, "host:1")
        tell("slack", True)
        tell("slack", False)
        runner = Runner(store, handlers, clock=clock, on_dead=lambda *_: None, chance=lambda: 0.0)
        pager.busy = 1
        runner.drain(clock.now)
        assert pager.heard == [], "the second waits for the first"
        runner.drain(clock.move(minutes=1))
        runner.drain(clock.now)
    told = [(one["alarm"], one["part"], one["process"]) for one in pager.heard]
    assert told == [("part_down", "slack", "host:1"), ("part_back", "slack", "host:1")]


def test_a_service_whose_slack_stays_away_is_not_ready_and_says_which_part(sqlite_url: str) -> None:
    clock = Clock()
    environ = {"WACHBUCH_DATABASE_URL": sqlite_url, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
    with opened(sqlite_url, clock) as store:
        app = compose(load_settings(environ), policy(), store, moment_of(clock))
        assert app.edge.ready() == {}, "it has just begun"
        (watch,) = [probe.__self__ for probe in app.probes]  # type: ignore[attr-defined]
        watch._mode._since -= 3600
        assert set(app.edge.ready()) == {"slack"}
        for closer in app.closers:
            closer()
