"""One workspace: the fake Slack over real sockets, and our edge and deliveries wired as in the service."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.port import Handlers, Job
from bot.jobs.runner import Runner
from bot.parts import Core
from bot.slack.app import SlackEdge
from bot.slack.socket.line import Pace
from bot.slack.wiring import Workspace, wire_slack
from tests.bot.stage import Stage, stage
from tests.fakes.client import Answer
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, FakeSlack, SlackSender, over_socket
from tests.unhurried import TIME_ENOUGH, edge_of, unhurried
from tests.waiting import until
from workflows.store.unit_of_work import UnitOfWork

PEOPLE = {
    "U0JANA": ("jana", "de-DE"),
    "U0PETRA": ("petra", "de-DE"),
    "U0TOM": ("tom", "en-GB"),
    "U0LENA": ("lena", "de-DE"),
    "U0MAX": ("max", "de-DE"),
    "U0EVE": ("eve", "en-US"),
}
INTAKE, DIGEST = "C0INTAKE0", "C0DIGEST0"


@dataclass(slots=True)
class Office:
    """The workspace and our side of it."""

    on: Stage
    slack: FakeSlack
    edge_or_none: SlackEdge | None
    sender: SlackSender
    handlers: Handlers
    dead: list[tuple[str, str]] = field(default_factory=list)

    @property
    def edge(self) -> SlackEdge:
        """The edge for requests over HTTP."""
        assert self.edge_or_none is not None
        return self.edge_or_none

    def deliver(self, **after: float) -> None:
        """Move the clock and work off every job that is due."""
        self.on.clock.at += timedelta(**after)
        runner = Runner(self.on.store, self.handlers, clock=self.on.clock, on_dead=self._note, chance=lambda: 0.5)
        runner.drain(self.on.clock.at)

    def _note(self, _uow: UnitOfWork, job: Job, reason: str) -> None:
        self.dead.append((job.kind, reason))

    def until(self, happened: Callable[[], object]) -> None:
        """Wait for what a thread still has to do."""
        until(happened)


@contextmanager
def furnished(folder: Path) -> Iterator[tuple[Stage, FakeSlack, Core]]:
    """A stage, and a Slack in which everybody has an account."""
    with stage(folder) as on, FakeSlack() as slack:
        for user, (name, locale) in PEOPLE.items():
            slack.add_user(user, name, locale=locale)
        slack.add_channel(INTAKE, "vorfall")
        slack.add_channel(DIGEST, "digest")
        slack.world.trigger_seconds = TIME_ENOUGH
        yield on, slack, Core(on.store, on.policy, on.moment, on.service)


@contextmanager
def socket_office(folder: Path, pace: Pace) -> Iterator[Office]:
    """The same by Socket Mode, connected."""
    with furnished(folder) as (on, slack, core):
        handlers = Handlers()
        workspace = Workspace(BOT_TOKEN, f"{slack.url}/api/", "", "de", APP_TOKEN, pace)
        wired = wire_slack(core, workspace, handlers)
        assert wired.socket is not None
        unhurried(edge_of(wired.socket))
        slack.sockets.ack_seconds = TIME_ENOUGH
        wired.refresh()
        wired.socket.start()
        yield Office(on, slack, None, SlackSender(over_socket(slack.url), slack.url), handlers)
        wired.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with furnished(tmp_path) as (on, slack, core):
        handlers = Handlers()
        workspace = Workspace(BOT_TOKEN, f"{slack.url}/api/", SIGNING_SECRET, "de")
        wired = wire_slack(core, workspace, handlers)
        assert wired.edge is not None
        unhurried(wired.edge)
        wired.refresh()

        def transport(_path: str, headers: Mapping[str, str], body: bytes) -> Answer:
            assert wired.edge is not None
            status, answered, content = wired.edge.handle(body, headers)
            return Answer(status, answered, content)

        yield Office(on, slack, wired.edge, SlackSender(transport, slack.url), handlers)
        wired.close()
