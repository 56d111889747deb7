"""When outgoing work is given up: an entry, and a call to `WACHBUCH_ALARM_URL` where one is set."""

import json
import urllib.request
from collections.abc import Callable
from typing import Final

import structlog

from bot.jobs.port import DeadHook, Job, JobTools, Retry
from bot.startup import MACHINE
from workflows.logbook import JobDead
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

ALARM: Final = "alarm.dead"
TIMEOUT_SECONDS: Final = 10


def dead_hook(service: Service, alarm_url: str) -> DeadHook:
    """Records a job that was given up, in the transaction that gives it up."""

    def dead(uow: UnitOfWork, job: Job, reason: str) -> None:
        log.error("job_dead", job=job.id, kind=job.kind, attempts=job.attempts, reason=reason)
        event = JobDead(job=job.id, work=job.kind, attempts=job.attempts)
        service.log(uow, event, MACHINE, service.moment.now())
        if alarm_url and job.kind != ALARM:
            uow.jobs.enqueue(JobDraft(ALARM, "", f"alarm:{job.id}:{job.attempts}", {"job": job.id}))

    return dead


def alarm_handler(alarm_url: str) -> Callable[[Job, JobTools], None]:
    """Posts an alarm: ids only, for a pager or a gateway."""

    def call(job: Job, _: JobTools) -> None:
        body = json.dumps({"alarm": "job_dead", "job": job.number("job")}).encode()
        request = urllib.request.Request(alarm_url, body, {"content-type": "application/json"})  # noqa: S310 from our settings, checked there
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 the same
                return
        except OSError as error:
            raise Retry("alarm_unreachable") from error

    return call
