"""Processes on one database: each sees the others, one signs, and nobody judges by a policy that is not in force."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from bot.app import App, compose
from bot.moment import real_moment
from bot.startup import record_start
from config.policy.loader import Loaded, load_texts
from config.settings import load_settings
from tests import postgres
from tests.office import POLICY
from workflows.store.leases import CHECKPOINT
from workflows.store.processes import ProcessState
from workflows.store.rows import JobDraft
from workflows.store.store import Store

OURS = load_texts({"policy.yaml": POLICY.encode()})
LOOSER = load_texts({"policy.yaml": (POLICY + "criteria: {relaxed: [monitoring.over]}\n").encode()})
KEY = "signs"


@dataclass
class Place:
    """A database, and the processes on it."""

    url: str
    stack: ExitStack

    def process(self, policy: Loaded = OURS, *, key: str = "") -> App:
        """One more, started as far as it is without threads."""
        store = self.stack.enter_context(Store.open(self.url, origin="test", runner=True))
        store.migrate()
        settings = {"WACHBUCH_DATABASE_URL": self.url, "WACHBUCH_LEDGER_KEY": key}
        app = compose(load_settings(settings), policy, store, real_moment())
        record_start(app.core.service, policy)
        app.presence.show()
        return app


@contextmanager
def place(url: str) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(url, stack)


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Place]:
    with place(postgres_url) as opened:
        yield opened


def states(app: App) -> dict[str, str]:
    with app.core.store.reading() as reads:
        return {row.id: row.state for row in reads.processes.all()}


def signer(app: App) -> str | None:
    with app.core.store.reading() as reads:
        lease = reads.leases.get(CHECKPOINT, app.core.moment.now())
    return lease.holder if lease else None


def test_each_sees_the_others_and_what_they_work_by(shared: Place) -> None:
    first, second = shared.process(), shared.process()
    first.presence.show()
    assert (first.presence.others, second.presence.others) == (1, 1)
    with first.core.store.reading() as reads:
        told = {row.id: row for row in reads.processes.alive(first.core.moment.now())}
    assert set(told) == {first.presence.id, second.presence.id}
    assert {row.policy for row in told.values()} == {OURS.sha256}
    second.presence.stop()
    first.presence.show()
    assert first.presence.others == 0
    assert states(first) == {first.presence.id: "serving", second.presence.id: "ended"}


def test_who_is_asked_to_end_is_not_ready_takes_nothing_and_lets_another_sign(shared: Place) -> None:
    leaving, other = shared.process(key=KEY), shared.process(key=KEY)
    assert leaving.edge.ready() == {}
    assert (signer(leaving), other.presence.signer.held) == (leaving.presence.id, None)
    assert leaving.leave() is True
    assert list(leaving.edge.ready()) == ["process"]
    assert other.edge.ready() == {}
    assert states(other)[leaving.presence.id] == ProcessState.LEAVING
    other.presence.show()
    assert signer(other) == other.presence.id
    assert other.leave() is False, "nobody is left to send requests to"


def test_only_who_has_the_key_holds_the_lease(shared: Place) -> None:
    without = shared.process()
    assert signer(without) is None
    assert without.presence.signer.held is None
    holder = shared.process(key=KEY)
    assert signer(without) == holder.presence.id


def test_on_sqlite_the_next_runner_holds_it_at_once_whatever_the_last_one_left(sqlite_url: str) -> None:
    with place(sqlite_url) as killed:
        first = killed.process(key=KEY).presence
        assert first.signer.held is not None
    with place(sqlite_url) as next_start:
        second = next_start.process(key=KEY).presence
        assert second.signer.held is not None
        assert second.signer.held.fence > 1


def test_a_database_that_takes_no_writes_makes_nobody_ready(shared: Place) -> None:
    process = shared.process()
    with postgres.connection(shared.url) as admin:
        (name,) = admin.execute("SELECT current_database()").fetchone() or ("",)
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        process.core.store._engine.dispose()
        process.presence.leave()
        process.is_leaving = False
        assert process.edge.ready() == {"database": "takes no writes"}
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = off')
        process.core.store._engine.dispose()
        process.presence.leave()
        assert process.edge.ready() == {}


def test_under_another_policy_than_the_one_in_force_nothing_is_judged(shared: Place) -> None:
    stale = shared.process()

    def write(name: str) -> None:
        judged: dict[str, str | int] = {"forge": "github", "repository": "1", "number": 1}
        with stale.core.store.transaction() as uow:
            uow.enqueue(JobDraft("forge.evaluate", "", f"judge {name}", judged))
            uow.enqueue(JobDraft("inbox.process", "", f"take in {name}", {"inbox": 1}))

    write("in force")
    assert stale.runner.drain(stale.core.moment.now()) == 2
    current = shared.process(LOOSER)
    assert list(stale.edge.ready()) == ["policy"]
    assert current.edge.ready() == {}
    write("stale")
    assert stale.runner.drain(stale.core.moment.now()) == 1
    assert current.runner.drain(current.core.moment.now()) == 1
