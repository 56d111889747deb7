"""Joins what a forge told (or what was decided for a repository) with the stored facts, and marks what to judge anew.

A mark is the job `forge.evaluate`. Many marks for one request cost little: a repeat finds nothing new.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workflows.change.bypass import BEGUN, SETTLING
from workflows.change.codes import Finding
from workflows.change.effects import EVALUATE
from workflows.change.facts import CommitFacts, Document, RepositoryFacts, RequestFacts, document_type, merge
from workflows.change.presence import last_under
from workflows.change.seen import (
    BranchPushed,
    DeploymentRelated,
    DeploymentSeen,
    DeploymentStatusSeen,
    Forge,
    RequestKey,
    RequestRead,
    RequestState,
    Update,
)
from workflows.lineage import Lineage, merge_of, told_late, told_on, told_through
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

PUSH: Final = "forge.push"
LISTENING: Final = "listening_to_pushes"
"""Link scope: repository (`github:7001`) → when the first push to it was told."""
BYPASS: Final = "bypass"
"""Link scope: commit, finding and environment → number of the change that holds it: each is found once."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A request to be judged anew, and what gave cause (`r12`: the twelfth version of its facts)."""

    request: RequestKey
    cause: str


@dataclass(frozen=True, slots=True)
class CommitMark:
    """A commit that was pushed or deployed: whether that was allowed is looked at once the forge had its time."""

    forge: Forge
    repository_id: str
    commit: str
    cause: str


def absorb(uow: UnitOfWork, updates: Iterable[Update]) -> tuple[Mark | CommitMark, ...]:
    """Store the updates. Returns a mark for every request and push for which something is new; a repeat marks nothing.

    Raises Conflict when another worker stored facts of the same document meanwhile.
    """
    marks: dict[str, Mark | CommitMark] = {}
    waiting = list(reversed(tuple(updates)))
    while waiting:
        update = waiting.pop()
        row = uow.facts.get(update.scope, update.key)
        known = document_type(update.scope).model_validate_json(row.doc) if row else None
        document = merge(known, update)
        if document == known:
            continue
        version = uow.facts.put(
            update.scope,
            update.key,
            document.model_dump_json().encode(),
            expected_version=row.version if row else 0,
            repository=f"{update.forge.value}:{update.repository_id}",
            head=_head(document),
            case_id=row.case_id if row else None,
        )
        waiting += _told_on(uow, update, document)
        for request in _concerned(uow, document) if _matters(update, known, document) else ():
            marks[str(request)] = Mark(request, f"{update.key}:{version}")
        if isinstance(update, BranchPushed | DeploymentStatusSeen) and _happened(update):
            cause = f"{update.key}:{version}"
            marks[cause] = CommitMark(update.forge, update.repository_id, update.sha, cause)
    return tuple(marks.values())


def _happened(update: BranchPushed | DeploymentStatusSeen) -> bool:
    """Whether it tells of a push, or of a deployment that does not only wait."""
    return isinstance(update, BranchPushed) or update.state in BEGUN


def _matters(update: Update, before: Document | None, after: Document) -> bool:
    """Whether something can be judged differently. A deployment carries many merges that were there long before."""
    if not isinstance(update, DeploymentRelated) or not isinstance(after, CommitFacts):
        return True
    known = before if isinstance(before, CommitFacts) else None
    return last_under(known, update.environment) != last_under(after, update.environment)


def _told_on(uow: UnitOfWork, update: Update, document: Document) -> list[DeploymentRelated]:
    """What follows for other commits of the repository: which deployments contain which merges."""
    lineage = Lineage(uow.links, uow.facts, f"{update.forge.value}:{update.repository_id}")
    if isinstance(document, RequestFacts):
        found = merge_of(document)
        new = found is not None and lineage.note_merge(uow.links, found)
        return told_late(lineage, found) if found and (new or isinstance(update, RequestRead)) else []
    if not isinstance(document, CommitFacts):
        return []
    if isinstance(update, BranchPushed):
        return told_through(lineage, document.sha) if lineage.knows(update.branch) else []
    if isinstance(update, DeploymentSeen | DeploymentStatusSeen):
        item = next(one for one in document.deployments if one.id == update.deployment_id)
        lineage.note_deployment(uow.links, document.sha, item)
        return told_on(lineage, document, item)
    return []


def enqueue(uow: UnitOfWork, mark: Mark | CommitMark) -> bool:
    """Write the job; a second mark for the same cause changes nothing."""
    if isinstance(mark, CommitMark):
        return _enqueue_commit(uow, mark)
    request = mark.request
    payload: dict[str, str | int] = {
        "forge": request.forge.value,
        "repository": request.repository_id,
        "number": request.number,
    }
    return uow.jobs.enqueue(JobDraft(EVALUATE, f"eval:{request}", f"eval:{request}:{mark.cause}", payload))


def bypass_key(commit: str, found: Finding, environment: str = "") -> str:
    """The key of what was found about a commit (`github:<repository>:<sha>`)."""
    return f"{commit}:{found.value}:{environment.casefold()}"


def recheck_push(uow: UnitOfWork, request: RequestKey, merge_commit: str) -> None:
    """The merge of a request was told after its push had been found: look at that push again, at once."""
    commit = f"{request.forge.value}:{request.repository_id}:{merge_commit}"
    if uow.links.get(BYPASS, bypass_key(commit, Finding.DIRECT_PUSH)) is not None:
        payload = {"forge": request.forge.value, "repository": request.repository_id, "sha": merge_commit}
        uow.jobs.enqueue(JobDraft(PUSH, "", f"push:{commit}:merged", payload))


def _enqueue_commit(uow: UnitOfWork, mark: CommitMark) -> bool:
    payload = {"forge": mark.forge.value, "repository": mark.repository_id, "sha": mark.commit}
    later = uow.clock() + SETTLING
    uow.links.add(LISTENING, f"{mark.forge.value}:{mark.repository_id}", uow.clock().isoformat())
    return uow.jobs.enqueue(JobDraft(PUSH, "", f"push:{mark.cause}", payload, run_at=later, timer=True))


def _head(document: Document) -> str:
    if isinstance(document, RequestFacts):
        return document.head or ""
    return document.sha if isinstance(document, CommitFacts) else ""


def _concerned(uow: UnitOfWork, document: Document) -> tuple[RequestKey, ...]:
    if isinstance(document, RequestFacts):
        return (document.ref,) if document.current else ()
    if isinstance(document, RepositoryFacts):
        return _open_requests(uow, document) if document.mode or document.waivers else ()
    return _of_commit(uow, document)


def _open_requests(uow: UnitOfWork, document: RepositoryFacts) -> tuple[RequestKey, ...]:
    rows = uow.facts.by_repository(f"{document.forge.value}:{document.repository_id}")
    told = (RequestFacts.model_validate_json(row.doc) for row in rows if row.scope == "request")
    return tuple(one.ref for one in told if one.current and one.current.state is RequestState.OPEN)


def _of_commit(uow: UnitOfWork, document: CommitFacts) -> tuple[RequestKey, ...]:
    repository = f"{document.forge.value}:{document.repository_id}"
    heads = tuple(
        RequestFacts.model_validate_json(row.doc).ref
        for row in uow.facts.by_head(repository, document.sha)
        if row.scope == "request"
    )
    lineage = Lineage(uow.links, uow.facts, repository)
    own = lineage.merge(document.sha)
    merged = (own, *lineage.along(own)) if own else ()
    return (*heads, *(RequestKey(document.forge, document.repository_id, one.number) for one in merged))
