"""Calls to `WACHBUCH_ALARM_URL`, where one is set: work was given up (an entry, too), a part is down or back."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from itertools import count
from typing import Final

import structlog

from bot.jobs.port import DeadHook, Job, JobTools, Retry
from bot.startup import MACHINE
from workflows.logbook import JobDead
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

ALARM: Final = "alarm.dead"
PART_ALARM: Final = "alarm.part"
_STATES: Final = ("part_back", "part_down")
TIMEOUT_SECONDS: Final = 10


def dead_hook(service: Service, alarm_url: str) -> DeadHook:
    """Records a job that was given up, in the transaction that gives it up."""

    def dead(uow: UnitOfWork, job: Job, reason: str) -> None:
        log.error("job_dead", job=job.id, kind=job.kind, attempts=job.attempts, reason=reason)
        event = JobDead(job=job.id, work=job.kind, attempts=job.attempts)
        service.log(uow, event, MACHINE, service.moment.now())
        if alarm_url and job.kind not in {ALARM, PART_ALARM}:
            uow.jobs.enqueue(JobDraft(ALARM, "", f"alarm:{job.id}:{job.attempts}", {"job": job.id}))

    return dead


def alarm_handler(alarm_url: str) -> Callable[[Job, JobTools], None]:
    """Posts an alarm: ids only, for a pager or a gateway."""

    def call(job: Job, _: JobTools) -> None:
        _post(alarm_url, {"alarm": "job_dead", "job": job.number("job")})

    return call


def part_teller(store: Store, owner: str) -> Callable[[str, bool], None]:
    """Enqueues the alarm that a part of this process is down (True) or back (False). `owner` names the process."""
    numbers = count(1)

    def tell(part: str, down: bool) -> None:  # noqa: FBT001 down or back
        payload: dict[str, str | int] = {"part": part, "state": _STATES[down], "process": owner}
        draft = JobDraft(PART_ALARM, f"alarm:{owner}:{part}", f"alarm:{owner}:{part}:{next(numbers)}", payload)
        with store.transaction() as uow:
            uow.jobs.enqueue(draft)

    return tell


def untold(_part: str, _down: bool) -> None:  # noqa: FBT001 the signature of those that tell
    """Nobody is to be called; the log and `/readyz` say it all the same."""


def part_alarm_handler(alarm_url: str) -> Callable[[Job, JobTools], None]:
    """Posts that a part is down or back, for a pager or a gateway."""

    def call(job: Job, _: JobTools) -> None:
        told = {name: job.text(name) for name in ("part", "process")}
        _post(alarm_url, {"alarm": job.text("state"), **told})

    return call


def _post(url: str, told: Mapping[str, str | int]) -> None:
    request = urllib.request.Request(url, json.dumps(told).encode(), {"content-type": "application/json"})  # noqa: S310 from our settings, checked there
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 the same
            return
    except OSError as error:
        raise Retry("alarm_unreachable") from error
