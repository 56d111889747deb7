"""One look at one repository, while it goes on: stores what is found together with how far it got."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.forge.intake import against_forgery
from bot.forge.watching import STATE, Look, Place, Watched
from bot.jobs.port import JobTools
from integrations.telling.texts import GATE
from workflows.change.facts import CommitFacts, Document, RequestFacts, document_type
from workflows.change.seen import BranchPushed, RequestKey, Update
from workflows.continuity import Part
from workflows.factbook import absorb, enqueue
from workflows.missed import missed
from workflows.service import Service
from workflows.store.unit_of_work import UnitOfWork

ON_ITS_WAY: Final = timedelta(minutes=2)
"""What is younger may still be told by a webhook: finding it is no sign of a loss."""


@dataclass(slots=True)
class Turn:
    """Where a look stands. `parts` and `requests`: what it found that should have been told before."""

    service: Service
    place: Place
    watched: Watched
    tools: JobTools
    parts: set[Part] = field(default_factory=set)
    requests: set[int] = field(default_factory=set)

    def take(self, look: Look) -> None:
        """Store what was found. Nothing is kept of a step that could not be stored."""
        parts, requests = self.service.retrying(lambda uow: self._store(uow, look))
        self.watched = look.watched
        self.parts |= parts
        self.requests |= requests

    def _store(self, uow: UnitOfWork, look: Look) -> tuple[set[Part], set[int]]:
        updates = tuple(one for one in look.updates if not _is_known(uow, one))
        before = _documents(uow, updates)
        for mark in absorb(uow, updates):
            enqueue(uow, mark)
        for number, sha in look.forged:
            request = RequestKey(self.place.forge, self.place.repository_id, number)
            uow.jobs.enqueue_all(against_forgery(request, sha, self.tools.now))
        if look.watched != self.watched:
            uow.links.put(STATE, self.place.key, look.watched.model_dump_json())
        return self._missed(before, _documents(uow, updates))

    def _missed(
        self, before: dict[tuple[str, str], Document], after: dict[tuple[str, str], Document]
    ) -> tuple[set[Part], set[int]]:
        parts: set[Part] = set()
        requests: set[int] = set()
        for key, document in after.items():
            found = missed(before.get(key), document, self.tools.now - ON_ITS_WAY, GATE)
            parts |= found
            if found and isinstance(document, RequestFacts):
                requests.add(document.number)
        return parts, requests


def _documents(uow: UnitOfWork, updates: Iterable[Update]) -> dict[tuple[str, str], Document]:
    found: dict[tuple[str, str], Document] = {}
    for scope, key in {(one.scope, one.key) for one in updates}:
        row = uow.facts.get(scope, key)
        if row is not None:
            found[scope, key] = document_type(scope).model_validate_json(row.doc)
    return found


def _is_known(uow: UnitOfWork, update: Update) -> bool:
    """Whether a webhook told of this push before: it tells more of it than a list does."""
    if not isinstance(update, BranchPushed):
        return False
    row = uow.facts.get(update.scope, update.key)
    pushes = CommitFacts.model_validate_json(row.doc).pushes if row else ()
    return any((one.branch, one.before) == (update.branch, update.before) for one in pushes)
