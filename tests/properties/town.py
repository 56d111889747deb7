"""A world in which the process may die between any two steps, and comes back on the same database."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event

from bot.web.inbox import store_deliveries
from config.policy.loader import Loaded
from tests.fakes.github import FakeGitHub
from tests.fakes.github.hooks import Delivery as Sent
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.slack import FakeSlack
from tests.journeys.policies import SHOP
from tests.journeys.world import ORIGIN, Clock, _key, moment_of, people_join, started
from tests.postgres import scratch
from tests.properties.audit import audit
from tests.properties.catalog import actor
from tests.templates import laid_out
from workflows.commands import Command
from workflows.errors import BrokenInput, NotFound
from workflows.ledger.receipt import Receipt
from workflows.outcome import Outcome
from workflows.registry import read_case
from workflows.store.rows import Delivery
from workflows.store.store import Store
from workflows.workflow import Case

T = TypeVar("T")
LANGUAGE = "de"


class Killed(BaseException):
    """The process ends here; nothing of ours may catch it."""


class Town:
    """One installation on SQLite with its surroundings. `receipts` is what people were told to be recorded.

    `beside`: another installation, at whose forges and in whose time this one lives. `chats` False: without Slack.
    """

    def __init__(self, decided: Loaded | None = None, *, chats: bool = True, beside: "Town | None" = None) -> None:
        self.ends = ExitStack()
        self.decided, self.chats = decided, chats
        self.home = Path(self.ends.enter_context(tempfile.TemporaryDirectory(dir=scratch())))
        self.url = laid_out(f"sqlite:///{self.home / 'town.db'}")
        self.clock: Clock = beside.clock if beside else Clock()
        self.moment = moment_of(self.clock)
        self.slack: FakeSlack = beside.slack if beside else self.ends.enter_context(FakeSlack())
        self.github: FakeGitHub = beside.github if beside else self.ends.enter_context(FakeGitHub(clock=self.clock))
        self.gitlab: FakeGitLab = (
            beside.gitlab if beside else self.ends.enter_context(FakeGitLab(clock=self.clock, prefix="/git"))
        )
        if beside is None:
            self.github.gate._key = _key()
            people_join(self.slack, self.github, LANGUAGE, self.gitlab)
        self.receipts: list[Receipt] = []
        self.delivered: set[int] = set()
        self.deaths = 0
        self.statements: int | None = None
        self._begin()

    # life -----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.store = Store.open(self.url, origin=ORIGIN, runner=True, clock_tolerance=None)
        self.store._clock = self.clock
        event.listen(self.store._engine, "before_cursor_execute", self._count)
        event.listen(self.store._engine, "commit", self._count)
        self.app = started(
            self.url,
            self.store,
            self.moment,
            LANGUAGE,
            self.slack if self.chats else None,
            self.github,
            self.gitlab,
            decided=self.decided,
        )

    def _count(self, *_: Any) -> None:
        if self.statements is None:
            return
        self.statements -= 1
        if self.statements <= 0:
            self.statements = None
            raise Killed

    def _end(self) -> None:
        for closer in self.app.closers:
            closer()
        self.store.close()

    def restart(self) -> None:
        """A new process on the same file."""
        self._end()
        self._begin()

    def attempt(self, work: Callable[[], T], dies_at: int | None) -> T | None:
        """Do something; at the `dies_at`-th statement (a commit counts as one) the process dies and comes back."""
        self.statements = dies_at
        try:
            return work()
        except Killed:
            self.deaths += 1
            self.restart()
            audit(self.store, self.receipts)
            return None
        finally:
            self.statements = None

    def close(self) -> None:
        """Everything away."""
        self._end()
        self.ends.close()

    # what happens ---------------------------------------------------------------------------------------------

    def give(self, who: str, command: Command, dies_at: int | None = None) -> Outcome | None:
        """A command of a person. What they are told to be recorded has to stay."""
        self.clock.move(seconds=7)

        def handle() -> Outcome | None:
            try:
                return self.app.core.service.handle(command, actor(who))
            except (NotFound, BrokenInput):
                return None

        outcome = self.attempt(handle, dies_at)
        if outcome is not None:
            self.receipts += outcome.receipts
        return outcome

    def deliver(self, sent: Sent, dies_at: int | None = None) -> None:
        """A webhook arrives, or arrives again."""
        headers = {"content-type": "application/json", "x-github-event": sent.event, "x-github-delivery": sent.guid}
        delivery = Delivery("github", "77", sent.guid, headers, sent.body, self.clock.move(seconds=1))
        if self.attempt(lambda: store_deliveries(self.store, [delivery]), dies_at) is not None:
            self.delivered.add(sent.id)

    def receive(self, source: str, headers: Mapping[str, str], body: bytes) -> None:
        """A webhook as a forge sends it, through the proof that it is genuine."""
        sender = self.app.senders[source]
        assert sender.genuine(headers, body, self.clock.now).genuine
        hook, delivery_id = sender.delivery(headers)
        kept = {name: headers[name] for name in sender.kept if name in headers}
        store_deliveries(self.store, [Delivery(source, hook, delivery_id, kept, body, self.clock.now)])

    def work(self, dies_at: int | None = None, **later: float) -> None:
        """Jobs, at a later time."""
        now = self.clock.move(**later)
        self.attempt(lambda: self.app.runner.drain(now), dies_at)

    def deliver_all(self) -> None:
        """Everything still on its way arrives."""
        for sent in list(self.github.hook.deliveries):
            if sent.id not in self.delivered:
                self.deliver(sent)

    def settle(self) -> None:
        """Everything arrives; everything still to be done is done."""
        self.deliver_all()
        for _ in range(6):
            self.work(hours=2)
            self.deliver_all()
        self.work(hours=2)

    # looking --------------------------------------------------------------------------------------------------

    def cases(self) -> list[Case]:
        """All cases, as the machine sees them."""
        with self.store.reading() as reads:
            return [read_case(row) for row in reads.all_cases()]

    @property
    def repository(self) -> Any:
        """The enforced repository as GitHub has it."""
        return self.github.world.repository(SHOP)
