"""A process that works off jobs until it is killed.

`python -m tests.contracts.worker <url> <log> <seconds per job> <seconds of a lease>`

Appends a line per effect to the log, in one write, so that what was done survives the process.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta

from bot.jobs.port import Handlers, Job, JobTools
from bot.jobs.runner import Pace, Runner
from tests.contracts.rig import ORIGIN
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

THREADS = 4


def pace(lease: float) -> Pace:
    return Pace(threads=THREADS, lease=timedelta(seconds=lease), renew_every=timedelta(seconds=0.25))


def serve(url: str, log: str, seconds: float, lease: float) -> None:
    """Work until killed, or until stdin ends: then stop gracefully."""
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def call_out(job: Job, tools: JobTools) -> None:
        time.sleep(seconds)
        os.write(out, f"{os.getpid()} {job.dedup} {job.attempts}\n".encode())

    def count_inside(job: Job, uow: UnitOfWork) -> None:
        time.sleep(seconds)
        uow.links.put("inside", job.dedup, str(int(uow.links.get("inside", job.dedup) or 0) + 1))

    def note_dead(uow: UnitOfWork, job: Job, reason: str) -> None:
        uow.links.put("dead", job.dedup, reason)

    handlers = Handlers()
    handlers.outbox("call", call_out)
    handlers.inbox("inside", count_inside)
    with Store.open(url, origin=ORIGIN, runner=True) as store:
        runner = Runner(store, handlers, clock=lambda: datetime.now(UTC), on_dead=note_dead, pace=pace(lease))
        runner.start()
        os.write(out, f"{os.getpid()} started 0\n".encode())
        sys.stdin.read()
        os.write(out, f"{os.getpid()} stopped-{runner.stop()} 0\n".encode())


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
