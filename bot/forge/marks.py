"""Reading jobs about requests."""

from collections.abc import Mapping
from typing import Final

from bot.jobs.port import Job
from workflows.actors import Source
from workflows.change.seen import Forge, RequestKey

SOURCES: Final[Mapping[Forge, Source]] = {Forge.GITHUB: Source.GITHUB, Forge.GITLAB: Source.GITLAB}
"""The door through which what a forge tells comes."""


def request_of(job: Job) -> RequestKey:
    """The request that a job is about."""
    return RequestKey(Forge(job.text("forge")), job.text("repository"), job.number("number"))


def names(forge: Forge) -> str:
    """Link scope: repository name → repository id at this forge."""
    return f"{forge.value}.repository"
