"""GitHub's merge queue: it builds a commit of its own for each request, and waits for our check on that one as well.

Nobody is waved through there: the request is judged once more, and the commit of the queue shows what its head shows.
"""

from typing import Final

from integrations.github.webhook import Queued
from workflows.change.seen import Forge, RequestKey
from workflows.factbook import Mark, enqueue
from workflows.store.links import LinkReads
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

QUEUE: Final = "github.queue"
"""The job that writes the verdict on a commit of the queue."""
WAITING: Final = "github.queued"
"""Link scope: key of a request → the commit of the queue that waits for its verdict."""


def queued(uow: UnitOfWork, found: Queued) -> str:
    """Take in that a request waits in the queue, or left it. Returns the note for the inbox."""
    request = RequestKey(Forge.GITHUB, found.repository_id, found.number)
    if not found.waits:
        if uow.links.get(WAITING, str(request)) == found.sha:
            uow.links.remove(WAITING, str(request))
        return "dequeued"
    uow.links.put(WAITING, str(request), found.sha)
    enqueue(uow, Mark(request, f"queued:{found.sha}"))
    uow.jobs.enqueue(_draft(request, found.sha, "queued"))
    return "queued"


def follow(uow: UnitOfWork, request: RequestKey, cause: str) -> None:
    """The verdict on the head of a request was written: where the request waits in the queue, it follows there."""
    sha = uow.links.get(WAITING, str(request))
    if sha is not None:
        uow.jobs.enqueue(_draft(request, sha, cause))


def waiting_at(links: LinkReads, request: RequestKey) -> str | None:
    """The commit of the queue that waits for this request's verdict."""
    return links.get(WAITING, str(request))


def _draft(request: RequestKey, sha: str, cause: str) -> JobDraft:
    """Under the key of the evaluation: the one that was asked for before it comes first."""
    payload: dict[str, str | int] = {
        "forge": request.forge.value,
        "repository": request.repository_id,
        "number": request.number,
        "head": sha,
    }
    return JobDraft(QUEUE, f"eval:{request}", f"{QUEUE}:{request}:{sha}:{cause}", payload)
