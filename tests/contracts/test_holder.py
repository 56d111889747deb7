"""Exactly one process holds what only one may: whatever happens to the processes and their connections."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import postgres
from tests.contracts.rig import ORIGIN, rig
from tests.contracts.signer import ACTS
from tests.waiting import until
from workflows.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
TAKEN_OVER_SECONDS = 90.0
"""Far more than lease and turn together; a process stopped inside its transaction is ended by the server after 10 s."""
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Acts:
    """What was done under the lease, in the order of the database: process id and number of the lease."""

    url: str

    def all(self) -> list[tuple[int, int]]:
        with Store.open(self.url, origin=ORIGIN, runner=False) as store, store.reading() as reads:
            told = [value.split() for key, value in sorted(reads.links.of(ACTS).items()) if key != "count"]
        return [(int(pid), int(fence)) for pid, fence in told]

    def by(self, *, after: int = 0) -> set[int]:
        return {pid for pid, _ in self.all()[after:]}

    def next_holder(self, allowed: Callable[[int], bool] = lambda pid: True) -> int:
        """Wait for an act from now on, by a process that may be the one."""
        before = len(self.all())
        until(lambda: any(allowed(pid) for pid in self.by(after=before)), TAKEN_OVER_SECONDS)
        return next(pid for pid in self.by(after=before) if allowed(pid))

    def are_in_order(self) -> None:
        """The numbers never go back, and each belongs to one process."""
        acts = self.all()
        fences = [fence for _, fence in acts]
        assert fences == sorted(fences)
        assert len({fence for _, fence in acts}) == len(set(acts)), "two under one number"


@contextmanager
def signer(url: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.contracts.signer", url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def signers(url: str, count: int) -> Iterator[tuple[Acts, dict[int, subprocess.Popen[bytes]]]]:
    with rig(url), ExitStack() as stack:
        started = [stack.enter_context(signer(url)) for _ in range(count)]
        yield Acts(url), {one.pid: one for one in started}


@pytest.mark.full
def test_killed_stopped_or_cut_off_there_is_one_holder_and_soon_another(postgres_url: str) -> None:
    with signers(postgres_url, 3) as (acts, processes):
        first = acts.next_holder()
        processes[first].kill()
        processes[first].wait()
        second = acts.next_holder(lambda pid: pid != first)
        processes[second].send_signal(signal.SIGSTOP)
        third = acts.next_holder(lambda pid: pid != second)
        processes[second].send_signal(signal.SIGCONT)
        with postgres.connection(postgres_url) as admin:
            admin.execute(CUT)
        acts.next_holder()
        processes[third].kill()
        assert acts.next_holder(lambda pid: pid != third) == second, "the one that was stopped is one of them again"
        acts.are_in_order()


@pytest.mark.full
def test_again_and_again_there_is_never_a_second_one(postgres_url: str) -> None:
    with signers(postgres_url, 3) as (acts, processes):
        for _ in range(6):
            holder = acts.next_holder()
            processes[holder].send_signal(signal.SIGSTOP)
            acts.next_holder(lambda pid, stopped=holder: pid != stopped)  # type: ignore[misc]
            processes[holder].send_signal(signal.SIGCONT)
            with postgres.connection(postgres_url) as admin:
                admin.execute(CUT)
        acts.next_holder()
        acts.are_in_order()
