"""Marks: this request is to be judged anew. Many marks amount to one evaluation."""

from dataclasses import dataclass
from typing import Final

from bot.jobs.port import Job
from workflows.change.seen import Forge, RequestKey
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

EVALUATE: Final = "forge.evaluate"


@dataclass(frozen=True, slots=True)
class Mark:
    """A request to be judged, and what gave cause (`f12`: the twelfth version of its facts)."""

    request: RequestKey
    cause: str


def enqueue(uow: UnitOfWork, mark: Mark) -> bool:
    """Write the job; a second mark for the same cause changes nothing."""
    request = mark.request
    payload: dict[str, str | int] = {
        "forge": request.forge.value,
        "repository": request.repository_id,
        "number": request.number,
    }
    return uow.jobs.enqueue(JobDraft(EVALUATE, f"eval:{request}", f"eval:{request}:{mark.cause}", payload))


def request_of(job: Job) -> RequestKey:
    """The request that a job is about."""
    return RequestKey(Forge(job.text("forge")), job.text("repository"), job.number("number"))
