"""Joins what a forge told with what is stored, and finds the requests that it concerns."""

from collections.abc import Iterable
from typing import Final

from bot.forge.marks import Mark
from workflows.change.facts import CommitFacts, Document, RepositoryFacts, RequestFacts, document_type, merge
from workflows.change.seen import RequestKey, Update
from workflows.store.unit_of_work import UnitOfWork

MERGED: Final = "merged_commit"
"""Link scope: merge commit (`github:<repository>:<sha>`) → key of its request, since deployments name only commits."""


def absorb(uow: UnitOfWork, updates: Iterable[Update]) -> tuple[Mark, ...]:
    """Store the updates. Returns a mark for every request for which something is new; a repeat marks nothing.

    Raises Conflict when another worker stored facts of the same document meanwhile.
    """
    marks: dict[str, Mark] = {}
    for update in updates:
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
        for request in _concerned(uow, document):
            marks[str(request)] = Mark(request, f"{update.scope[0]}{version}")
    return tuple(marks.values())


def _head(document: Document) -> str:
    if isinstance(document, RequestFacts):
        return document.head or ""
    return document.sha if isinstance(document, CommitFacts) else ""


def _concerned(uow: UnitOfWork, document: Document) -> tuple[RequestKey, ...]:
    if isinstance(document, RequestFacts):
        current = document.current
        if current and current.merge_commit:
            place = f"{document.forge.value}:{document.repository_id}:{current.merge_commit}"
            uow.links.put(MERGED, place, str(document.ref))
        return (document.ref,) if current else ()
    if isinstance(document, RepositoryFacts):
        return ()
    return _of_commit(uow, document)


def _of_commit(uow: UnitOfWork, document: CommitFacts) -> tuple[RequestKey, ...]:
    repository = f"{document.forge.value}:{document.repository_id}"
    heads = [
        RequestFacts.model_validate_json(row.doc).ref
        for row in uow.facts.by_head(repository, document.sha)
        if row.scope == "request"
    ]
    merged = uow.links.get(MERGED, f"{repository}:{document.sha}")
    if merged is None:
        return tuple(heads)
    number = int(merged.rsplit(":", maxsplit=1)[1])
    return (*heads, RequestKey(document.forge, document.repository_id, number))
