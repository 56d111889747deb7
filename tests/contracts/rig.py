"""What the job contract is tested with: a real store, a clock to be moved, a runner."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.jobs.port import Handlers, Job
from bot.jobs.runner import Pace, Runner
from tests.templates import laid_out
from workflows.store.rows import JobDraft, JobRow
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ORIGIN = "test.example/log"


@dataclass
class Rig:
    """One store with the handlers of a test. `dead` are the jobs given up, with their reasons."""

    url: str
    store: Store
    now: datetime = START
    handlers: Handlers = field(default_factory=Handlers)
    dead: list[tuple[str, str]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def write(self, *drafts: JobDraft) -> list[bool]:
        with self.store.transaction() as uow:
            return [uow.enqueue(draft) for draft in drafts]

    def runner(self, pace: Pace | None = None) -> Runner:
        """A runner whose retries are not spread."""
        circumstances = {"clock": self.clock, "on_dead": self.note_dead, "pace": pace, "chance": lambda: 0.5}
        return Runner(self.store, self.handlers, **circumstances)  # type: ignore[arg-type]

    def drain(self, after: timedelta = timedelta()) -> int:
        """Move the clock and work off what is due then."""
        self.now += after
        return self.runner().drain(self.now)

    def note_dead(self, uow: UnitOfWork, job: Job, reason: str) -> None:
        uow.links.put("dead", job.dedup, reason)
        self.dead.append((job.dedup, reason))

    def job(self, job_id: int) -> JobRow:
        with self.store.reading() as reads:
            found = reads.jobs.get(job_id)
        assert found is not None
        return found

    def states(self) -> dict[str, int]:
        with self.store.reading() as reads:
            return {state.value: count for state, count in reads.jobs.stats(self.now).counts.items()}

    def link(self, scope: str, key: str) -> str | None:
        with self.store.reading() as reads:
            return reads.links.get(scope, key)


@contextmanager
def rig(url: str) -> Iterator[Rig]:
    with Store.open(laid_out(url), origin=ORIGIN, runner=True) as store:
        store.migrate()
        yield Rig(url, store)


@contextmanager
def running(runner: Runner) -> Iterator[Runner]:
    runner.start()
    try:
        yield runner
    finally:
        assert runner.stop()


def draft(name: str, key: str = "", kind: str = "work", **more: object) -> JobDraft:
    return JobDraft(kind, key, name, {"name": name}, **more)  # type: ignore[arg-type]
