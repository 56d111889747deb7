"""The one door in: `Service.handle`. State, evidence and outgoing work commit together or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from config.policy.models import Policy
from workflows.actors import Actor, Pseudonym
from workflows.commands import Command, writable
from workflows.context import Context
from workflows.decisions import Approved, Cast, Declined, Happening, Reason
from workflows.errors import NotFound, Unseen
from workflows.events import Event, IdentityData, Recorded
from workflows.fold import step
from workflows.holding import cast_of, leading_role, unauthorised, visible
from workflows.leavers import has_left, today
from workflows.moment import Moment
from workflows.outcome import Accepted, Outcome, Refused
from workflows.pointers import point
from workflows.recognition import recognised
from workflows.record import Envelope, to_draft
from workflows.refusals import NOT_ALLOWED, actor_key, fingerprint, refusal_of, repeated
from workflows.registry import AnyWorkflow, read_case, workflow_of
from workflows.requests import begin, remember
from workflows.store.pending import PendingEntry
from workflows.store.rows import CaseRow, JobDraft
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import Case

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case as read for one decision."""

    workflow: AnyWorkflow
    row: CaseRow
    case: Case


@dataclass(frozen=True, slots=True)
class Place:
    """The number of a case and the series it comes from."""

    number: str
    series: str


@dataclass(frozen=True, slots=True)
class Service:
    """Decides commands and records what was decided.

    `routes` are the first parts of the effect kinds (`slack`, `github`, `timer`) that something here delivers; effects
    for anything else are not enqueued, since nobody would ever take them.
    """

    store: Store
    policy: Policy
    policy_hash: str
    moment: Moment
    routes: frozenset[str]

    def handle(self, command: Command, actor: Actor, request: str = "", seen: int | None = None) -> Outcome:
        """Decide and record in a transaction of its own. Raises NotFound, Conflict (after four attempts).

        `request` is the id of what brought the command, where it may come twice: DoneBefore the second time.
        `seen` is the number of the newest entry that was looked at before: Unseen where the case has newer ones.
        """
        command, actor = writable(command), writable(actor)
        try:
            return self.retrying(lambda uow: self._once(uow, command, actor, request, seen))
        except NotFound:
            if actor.person is not None:
                # An attempt is evidence too, recorded alike whether the case is hidden or does not exist.
                reasons = (Reason(NOT_ALLOWED),)
                self.retrying(lambda uow: self._refuse_without_case(uow, command, actor, reasons))
            raise

    def policy_today(self) -> Policy:
        """The policy as of now: who is there, and in which roles."""
        with self.store.reading() as reads:
            return today(self.policy, reads.links, self.moment.now())

    def year_of(self, now: datetime) -> int:
        """The year whose numbers are given out at a moment."""
        return now.astimezone(ZoneInfo(self.policy.timezone)).year

    def retrying(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run work in a transaction, again from the start when somebody else was faster."""
        return self.store.retrying(work)

    def _once(self, uow: UnitOfWork, command: Command, actor: Actor, request: str, seen: int | None) -> Outcome:
        if request:
            begin(uow.links, request, self.moment.now())
        if seen is not None:
            _all_seen(uow, command.case, seen)
        outcome = self.handle_in(uow, command, actor)
        if request:
            remember(uow.links, request, outcome, self.moment.now())
        return outcome

    def handle_in(self, uow: UnitOfWork, command: Command, actor: Actor) -> Outcome:
        """Decide and record in the caller's transaction, so that a job's effects and its end are one."""
        command, actor = writable(command), writable(actor)
        if has_left(self.policy, uow.links, actor):
            return self._refuse_without_case(uow, command, actor, (Reason(NOT_ALLOWED),))
        workflow = workflow_of(command)
        if workflow.opens(command) is not None:
            return self._open(uow, workflow, command, actor)
        loaded = self._load(uow, workflow, command, actor)
        return self._decide(uow, loaded, command, actor)

    def _load(self, uow: UnitOfWork, workflow: AnyWorkflow, command: Command, actor: Actor) -> Loaded:
        row = uow.load_case(command.case, hold=True)
        if row is None or row.workflow != workflow.name:
            message = f"no case {command.case}"
            raise NotFound(message)
        case = read_case(row)
        if not visible(workflow, case, actor):
            message = f"no case {command.case}"
            raise NotFound(message)
        return Loaded(workflow, row, case)

    def _open(self, uow: UnitOfWork, workflow: AnyWorkflow, command: Command, actor: Actor) -> Outcome:
        opening = workflow.opens(command)
        now = self.moment.now()
        case_id = self.moment.new_id()
        blank = workflow.blank(case_id, "", now)
        refused = self._unauthorised(workflow, blank, command, actor)
        cast, introduced = cast_of(blank, command, actor)
        context = self._context(uow, workflow, None, command, now)
        decision = refused or workflow.decide(blank, command, actor, cast, context)
        if isinstance(decision, Declined) or opening is None:
            reasons = decision.reasons if isinstance(decision, Declined) else ()
            return self._refuse_without_case(uow, command, actor, reasons)
        year = self.year_of(now)
        number = f"{opening.series}-{year}-{uow.next_number(opening.series, year):04d}"
        case = workflow.blank(case_id, number, now)
        recording = Recording(self, uow, workflow, case, 0, now, actor, cast, introduced)
        after, recorded = recording.fold(decision.happenings)
        row = self._row(workflow, after, Place(number, opening.series), len(recorded), now)
        uow.insert_case(row)
        return recording.finish(after, recorded, row.version)

    def _decide(self, uow: UnitOfWork, loaded: Loaded, command: Command, actor: Actor) -> Outcome:
        workflow, case, now = loaded.workflow, loaded.case, self.moment.now()
        cast, introduced = cast_of(case, command, actor, self._recognised(uow, case, command, actor))
        context = replace(self._context(uow, workflow, case, command, now), newest=loaded.row.seq)
        decision = self._unauthorised(workflow, case, command, actor) or workflow.decide(
            case, command, actor, cast, context
        )
        recording = Recording(self, uow, workflow, case, loaded.row.seq, now, actor, cast, introduced)
        if isinstance(decision, Approved):
            if not decision.happenings:
                return Accepted(case, (), ())
            after, recorded = recording.fold(decision.happenings)
            return self._write(loaded, recording, after, recorded)
        return self._refuse(loaded, recording, command, decision)

    def _write(self, loaded: Loaded, recording: "Recording", after: Case, recorded: tuple[Recorded, ...]) -> Accepted:
        place = Place(loaded.row.number, loaded.row.series)
        row = self._row(loaded.workflow, after, place, recorded[-1].seq, recording.now)
        row = replace(row, version=loaded.row.version + 1, opened_at=loaded.row.opened_at)
        recording.uow.update_case(row)
        return recording.finish(after, recorded, row.version)

    def _refuse(self, loaded: Loaded, recording: "Recording", command: Command, decision: Declined) -> Refused:
        event = refusal_of(command, decision.reasons)
        mark = fingerprint(event, actor_key(recording.actor), str(loaded.case.id))
        again = repeated(recording.uow.links, mark, recording.now)
        happenings = (*decision.kept, *(() if again else (Happening(event),)))
        if not happenings:
            return Refused(decision.reasons, loaded.case)
        after, recorded = recording.fold(happenings)
        accepted = self._write(loaded, recording, after, recorded)
        kept = tuple(item for item in recorded if item.event is not event)
        return Refused(decision.reasons, accepted.case, kept, accepted.entries)

    def _refuse_without_case(
        self, uow: UnitOfWork, command: Command, actor: Actor, reasons: tuple[Reason, ...]
    ) -> Refused:
        event = refusal_of(command, reasons, command.case or None)
        now = self.moment.now()
        if repeated(uow.links, fingerprint(event, actor_key(actor), command.case), now):
            return Refused(reasons)
        return Refused(reasons, entries=(self.log(uow, event, actor, now),))

    def log(self, uow: UnitOfWork, event: Event, actor: Actor, now: datetime) -> PendingEntry:
        """Record an entry of the log itself, which belongs to no case."""
        recorded = Recorded(event, 0, now, actor.source, role=leading_role(actor, frozenset()))
        who = IdentityData(id=actor.person.id, name=actor.person.name) if actor.person else None
        return uow.append(to_draft(recorded, self._envelope(None, "", who)))

    def _recognised(self, uow: UnitOfWork, case: Case, command: Command, actor: Actor) -> Mapping[str, Pseudonym]:
        persons = (*((actor.person,) if actor.person else ()), *command.persons())
        return recognised(uow.links, case, (person.id for person in persons), self.policy)

    def _unauthorised(self, workflow: AnyWorkflow, case: Case, command: Command, actor: Actor) -> Declined | None:
        reason = unauthorised(workflow, case, type(command), actor)
        return Declined((reason,)) if reason else None

    def _context(
        self, uow: UnitOfWork, workflow: AnyWorkflow, case: Case | None, command: Command, now: datetime
    ) -> Context:
        related: dict[str, Any] = {}
        for number in workflow.needs(case, command):
            row = uow.load_case(number)
            if row is not None:
                related[number] = read_case(row)
        facts = workflow.read_facts(case, command, uow.facts)
        policy = today(self.policy, uow.links, now)
        return Context(now, policy, self.moment.new_id, self.moment.new_salt, related, facts, self.policy_hash)

    def _row(self, workflow: AnyWorkflow, case: Case, place: Place, seq: int, now: datetime) -> CaseRow:
        index = workflow.index(case)
        return CaseRow(
            id=case.id,
            workflow=workflow.name,
            number=place.number,
            series=place.series,
            state=index.state,
            kind=index.kind,
            severity=index.severity,
            visibility=index.visibility,
            version=1,
            seq=seq,
            search=index.search,
            opened_at=case.opened_at,
            updated_at=now,
            doc=case.model_dump_json().encode(),
        )

    def _envelope(self, case: UUID | None, number: str, actor: IdentityData | None = None) -> Envelope:
        return Envelope(case, self.policy_hash, self.moment.new_id, self.moment.new_salt, number, actor)


def _all_seen(uow: UnitOfWork, number: str, seen: int) -> None:
    row = uow.load_case(number, hold=True)
    if row is not None and row.seq > seen:
        raise Unseen(f"expected the case to end with entry {seen}, found entry {row.seq}")


@dataclass(frozen=True, slots=True)
class Recording:
    """One decision being written: what every event of it shares."""

    service: Service
    uow: UnitOfWork
    workflow: AnyWorkflow
    case: Case
    seq: int
    now: datetime
    actor: Actor
    cast: Cast
    introduced: Mapping[Pseudonym, IdentityData]

    def fold(self, happenings: Sequence[Happening]) -> tuple[Case, tuple[Recorded, ...]]:
        """The case after these events, and the events with their circumstances."""
        by = self.cast.of(self.actor.person) if self.actor.person else None
        own = self.workflow.roles_in(self.case, by) if by else frozenset()
        role = leading_role(self.actor, own)
        case = self.case
        recorded: list[Recorded] = []
        for number, happening in enumerate(happenings, start=1):
            introduces = dict(self.introduced) if number == 1 else {}
            item = Recorded(
                self.workflow.numbered(case, happening.event, self._draw),
                self.seq + number,
                self.now,
                self.actor.source,
                by,
                role,
                happening.occurred_at,
                introduces,
            )
            case = step(self.workflow, case, item)
            recorded.append(item)
        return case, tuple(recorded)

    def _draw(self, series: str) -> str:
        year = self.service.year_of(self.now)
        return f"{series}-{year}-{self.uow.next_number(series, year):04d}"

    def finish(self, after: Case, recorded: tuple[Recorded, ...], version: int) -> Accepted:
        """Pointers, jobs, then the ledger last."""
        point(self.uow, self.case, after, recorded)
        for effect in self.workflow.effects(self.case, after, recorded, version):
            if effect.kind.split(".", maxsplit=1)[0] in self.service.routes:
                self.uow.jobs.enqueue(
                    JobDraft(effect.kind, effect.key, effect.dedup, dict(effect.payload), effect.after, effect.timer)
                )
        envelope = self.service._envelope(after.id, after.number)  # noqa: SLF001 two halves of one class
        entries = tuple(self.uow.append(to_draft(item, envelope)) for item in recorded)
        return Accepted(after, recorded, entries)
