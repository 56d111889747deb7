"""Judges a request: reads from the forge what is missing, finds its change, and lets the rules decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.forge.marks import SOURCES, request_of
from bot.forge.persons import person_of
from bot.jobs.port import Closing, Job, JobTools, Retry
from config.policy.ids import Unlinked
from config.policy.models import RepositoryPolicy
from workflows.actors import Actor, Person
from workflows.change.bypass import enforced_at
from workflows.change.codes import LinkSource
from workflows.change.commands import Evaluate, LinkRequest, PlanFromRequest, UnlinkRequest
from workflows.change.events import VerdictChanged, VerdictFrozen
from workflows.change.facts import CommitFacts, RepositoryFacts, RequestFacts
from workflows.change.linking import Named, carried, route
from workflows.change.seen import Forge, RequestKey, RequestState, Update
from workflows.change.snapshot import Why, needs_read, rules_for
from workflows.change.state import ChangeCase
from workflows.errors import NotFound
from workflows.factbook import Mark, absorb, enqueue, recheck_push
from workflows.outcome import Accepted, Outcome
from workflows.pointers import REQUEST_CHANGE
from workflows.service import Service
from workflows.store.rows import JobDraft
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

_MOST_READINGS: Final = 4
_LAG: Final = timedelta(seconds=5)
"""How long until a forge's lists have most likely caught up with a push."""
_NEWS: Final = timedelta(milliseconds=250)
"""A webhook arrived while the forge was read: it has nothing to catch up on, and what else it tells arrives by then."""


class Reader(Protocol):
    """Reads a request from its forge in as few calls as it can."""

    def read(
        self, request: RequestKey, name: str, facts: RequestFacts | None, why: tuple[Why, ...]
    ) -> Iterable[Update]:
        """Everything known there. `name` is the repository's name as last told. May raise Retry."""


@dataclass(frozen=True, slots=True)
class Evaluator:
    """The handler of `forge.evaluate`."""

    service: Service
    readers: Mapping[Forge, Reader]

    def __call__(self, job: Job, tools: JobTools) -> Closing | None:
        """Read what is missing, then decide, with the job's end, on the facts as they are stored at that moment."""
        request = request_of(job)
        facts, commit = self._stored(request)
        if facts is None:
            return None
        judged_at = (self.service.policy, tools.now)
        why = needs_read(facts, commit, *judged_at)
        reader = self.readers.get(request.forge)
        if why and reader is not None:
            updates = tuple(reader.read(request, facts.repository, facts, why))
            self.service.retrying(lambda uow: absorb(uow, updates))
            still = needs_read(*self._stored(request), *judged_at)
            if job.attempts < _MOST_READINGS and still:
                # Until the forge's own answers have caught up with its webhooks nothing can pass.
                self.judge(request)
                raise Retry("forge_lags", _NEWS if set(still) == {Why.STIRRED} else _LAG)
        return lambda uow: self._judge(uow, request)

    def judge(self, request: RequestKey) -> Outcome | None:
        """Decide on the stored facts. None: no policy covers the request, so nothing is said about it."""
        return self.service.retrying(lambda uow: self._judge(uow, request))

    def _stored(self, request: RequestKey) -> tuple[RequestFacts | None, CommitFacts | None]:
        with self.service.store.reading() as reads:
            row = reads.facts.get("request", str(request))
            if row is None:
                return None, None
            facts = RequestFacts.model_validate_json(row.doc)
            key = f"{request.forge.value}:{request.repository_id}:{facts.head}"
            found = reads.facts.get("commit", key)
        return facts, CommitFacts.model_validate_json(found.doc) if found else None

    def _judge(self, uow: UnitOfWork, request: RequestKey) -> Outcome | None:
        row = uow.facts.get("request", str(request))
        facts = RequestFacts.model_validate_json(row.doc) if row else None
        rules = rules_for(facts, self.service.policy)
        if facts is None:
            return None
        if rules is None:
            self._left_the_policy(uow, facts)
            return None
        actor = Actor(None, frozenset(), SOURCES[request.forge])
        ask = rules.unlinked is Unlinked.ASK or _went_past(uow, facts, rules)
        number = self._home(uow, request, facts, actor, ask=ask)
        if number is None:
            return None
        outcome = self.service.handle_in(
            uow, Evaluate(case=number, request=request, carries=carried(facts, number)), actor
        )
        for one in outcome.recorded if isinstance(outcome, Accepted) else ():
            if isinstance(one.event, VerdictFrozen):
                self._merged(uow, facts, number)
                recheck_push(uow, request, one.event.merge_commit)
            if isinstance(one.event, VerdictChanged) and one.event.unknown:
                self._unsure_of(uow, one.event, request, one.at)
        return outcome

    def _unsure_of(self, uow: UnitOfWork, event: VerdictChanged, judged: RequestKey, at: datetime) -> None:
        """Another request of the change was judged along, on facts that may be too old: it is read for itself."""
        other = RequestKey(event.forge, event.repository_id, event.number)
        if other != judged:
            enqueue(uow, Mark(other, f"unsure:{at.isoformat()}"))

    def _left_the_policy(self, uow: UnitOfWork, facts: RequestFacts) -> None:
        """Nothing is said about the request any more, but others can have the same head."""
        request, head = facts.ref, facts.head
        if head is None or self._linked(uow, request) is None or request.forge.value not in self.service.routes:
            return
        place = f"report:{request.forge.value}:{request.repository_id}:{head}"
        payload: dict[str, str | int] = {
            "forge": request.forge.value,
            "repository": request.repository_id,
            "number": request.number,
            "head": head,
        }
        moment = facts.current.updated_at.isoformat() if facts.current else ""
        uow.jobs.enqueue(JobDraft(f"{request.forge.value}.report", place, f"{place}:left:{moment}", payload))

    def _merged(self, uow: UnitOfWork, facts: RequestFacts, number: str) -> None:
        """Open requests of the repository that carry this change along waited for its merge."""
        rows = uow.facts.by_repository(f"{facts.forge.value}:{facts.repository_id}")
        naming = (row for row in rows if row.scope == "request" and number.encode() in row.doc)
        for other in (RequestFacts.model_validate_json(row.doc) for row in naming):
            is_open = other.current is not None and other.current.state is RequestState.OPEN
            if is_open and other.ref != facts.ref and number in other.change_trailers:
                enqueue(uow, Mark(other.ref, f"merged:{facts.ref}"))

    def _home(
        self, uow: UnitOfWork, request: RequestKey, facts: RequestFacts, actor: Actor, *, ask: bool
    ) -> str | None:
        """The number of the change that the request belongs to, after moving it there; None: it has none yet."""
        linked = self._linked(uow, request)
        wanted = route(facts, linked)
        if wanted is None:
            return self._planned(uow, request, facts, actor) if ask else None
        if linked is not None and wanted.number == linked.number:
            return linked.number
        command = LinkRequest(
            case=wanted.number, request=request, repository=facts.repository, link=wanted.source,
            author=self._author(facts),
        )  # fmt: skip
        moved = self._try(uow, command, actor)
        if moved is None:
            # The named change does not exist, or takes no requests any more: the request stays where it was.
            return linked.number if linked else (self._planned(uow, request, facts, actor) if ask else None)
        if linked is not None:
            self._try(uow, UnlinkRequest(case=linked.number, request=request), actor)
        return wanted.number

    def _linked(self, uow: UnitOfWork, request: RequestKey) -> Named | None:
        number = uow.links.get(REQUEST_CHANGE, str(request))
        row = uow.load_case(number) if number else None
        case = ChangeCase.model_validate_json(row.doc) if row else None
        found = next((one for one in case.requests if one.ref == request), None) if case else None
        if case is None or found is None:
            return None
        # What was merged under a change stays there, whatever the request's text says afterwards.
        return Named(case.number, LinkSource.COMMAND if found.merged else found.link)

    def _planned(self, uow: UnitOfWork, request: RequestKey, facts: RequestFacts, actor: Actor) -> str | None:
        outcome = self.service.handle_in(uow, PlanFromRequest(request=request, author=self._author(facts)), actor)
        return outcome.case.number if isinstance(outcome, Accepted) else None

    def _try(self, uow: UnitOfWork, command: LinkRequest | UnlinkRequest, actor: Actor) -> Accepted | None:
        try:
            outcome = self.service.handle_in(uow, command, actor)
        except NotFound:
            return None
        return outcome if isinstance(outcome, Accepted) else None

    def _author(self, facts: RequestFacts) -> Person | None:
        author = facts.current.author if facts.current else None
        return person_of(self.service.policy, author) if author and not author.bot else None


def _went_past(uow: UnitOfWork, facts: RequestFacts, rules: RepositoryPolicy) -> bool:
    """A request that only waits for its change, and was merged without one, needs one to hold what was found."""
    current = facts.current
    if current is None or current.state is not RequestState.MERGED:
        return False
    row = uow.facts.get("repository", f"{facts.forge.value}:{facts.repository_id}")
    repository = RepositoryFacts.model_validate_json(row.doc) if row else None
    return enforced_at(rules, repository, current.merged_at)
