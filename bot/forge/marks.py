"""Reading jobs about requests."""

from bot.jobs.port import Job
from workflows.change.seen import Forge, RequestKey


def request_of(job: Job) -> RequestKey:
    """The request that a job is about."""
    return RequestKey(Forge(job.text("forge")), job.text("repository"), job.number("number"))


def names(forge: Forge) -> str:
    """Link scope: repository name → repository id at this forge."""
    return f"{forge.value}.repository"
