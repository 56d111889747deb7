"""Erasing disclosed fields (GDPR Art. 17, 5(1)(c) and (e)): by two persons, with a legal basis, recorded.

Only disclosures can be erased; skeletons hold no personal data. The root of the log does not change. The case row is
folded anew in the same transaction, since it holds copies. Bodies of settled deliveries go as well: nothing tells which
of them name the person.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from pydantic import TypeAdapter

from config.policy.ids import Role, SecondPersonRule
from config.policy.models import Policy
from workflows.actors import Actor
from workflows.decisions import Reason
from workflows.errors import NotFound
from workflows.events import Event, IdentityData
from workflows.fold import refold
from workflows.holding import visible
from workflows.ledger.disclosure import open_disclosure
from workflows.ledger.kinds import EntryKind
from workflows.ledger.receipt import Receipt
from workflows.ledger.stored import StoredDisclosure, StoredEntry
from workflows.recognition import remember
from workflows.record import NUMBER, PERSON, FieldName, PolicyId, read_entry
from workflows.refusals import NOT_ALLOWED, AccessRefused, CaseRefused, actor_key, fingerprint, repeated
from workflows.registry import WORKFLOWS, read_case
from workflows.service import Service
from workflows.store.pending import PendingEntry
from workflows.store.reads import Reads
from workflows.store.rows import CaseRow, ErasureRow, Target
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import Case

ASKING: Final = (Role.ISB, Role.DEPUTY, Role.DPO)
"""Who may ask for an erasure, besides those who may confirm one."""
REQUESTED: Final = "requested"
DONE: Final = "done"
_TARGETS: Final = TypeAdapter(tuple[tuple[int, FieldName], ...])


class LegalBasis(StrEnum):
    """Why something is erased."""

    GDPR_17 = "gdpr_17"
    """The person concerned asked for it."""
    GDPR_5_1_C = "gdpr_5_1_c"
    """Data minimisation: it should not have been recorded."""
    GDPR_5_1_E = "gdpr_5_1_e"
    """Storage limitation: it is no longer needed."""


class ErasureRequested(Event):
    """Somebody asks for an erasure; nothing is erased yet."""

    kind: ClassVar[EntryKind] = EntryKind.ERASURE_REQUESTED
    controls: ClassVar[tuple[str, ...]] = ("A.5.34",)
    request: UUID
    basis: LegalBasis
    fields: tuple[tuple[int, FieldName], ...]


class LedgerErased(Event):
    """A second person agreed, and these fields are gone. Verification accepts their absence by this entry only."""

    kind: ClassVar[EntryKind] = EntryKind.LEDGER_ERASED
    controls: ClassVar[tuple[str, ...]] = ("A.5.34",)
    request: UUID
    basis: LegalBasis
    targets: tuple[tuple[int, FieldName], ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is meant: a case as a whole (`fields` and `person` empty), single fields of it, or one person in it."""

    case: str
    fields: tuple[Target, ...] = ()
    person: str = ""


@dataclass(frozen=True, slots=True)
class Erasure:
    """A request, or what became of it."""

    id: str
    targets: tuple[Target, ...]
    entry: PendingEntry

    @property
    def receipt(self) -> Receipt:
        """The receipt of its entry, after the commit."""
        return self.entry.receipt


@dataclass(frozen=True, slots=True)
class Eraser:
    """Asks for erasures and carries them out."""

    service: Service

    def request(self, selection: Selection, basis: LegalBasis, actor: Actor) -> Erasure | Reason:
        """Record that somebody asks. A Reason when they may not, or nothing is there to erase.

        Raises NotFound for a case that does not exist or that they may not see.
        """
        service = self.service
        now, erasure_id = service.moment.now(), service.moment.new_id()
        if refused := self._unauthorised(actor, (*ASKING, *self._roles)):
            return self._decline("request_erasure", refused, actor, now)
        with service.store.reading() as reads:
            targets = targets_of(reads, selection, actor)
        if not targets:
            return Reason("nothing_to_erase", subject=selection.case)
        row = ErasureRow(
            id=str(erasure_id), state=REQUESTED, basis=basis.value, doc=_TARGETS.dump_json(targets),
            requested_by=actor_key(actor), requested_at=now,
        )  # fmt: skip

        def ask(uow: UnitOfWork) -> PendingEntry:
            uow.erasures.request(row)
            return service.log(uow, ErasureRequested(request=erasure_id, basis=basis, fields=targets), actor, now)

        return Erasure(str(erasure_id), targets, service.retrying(ask))

    def confirm(self, erasure_id: str, actor: Actor) -> Erasure | Reason:
        """Be the second person: erase what is still there of it. Raises NotFound for none that is open; Conflict."""
        now = self.service.moment.now()
        if refused := self._unauthorised(actor, self._roles):
            return self._decline("confirm_erasure", refused, actor, now)
        found = self.service.retrying(lambda uow: self._decide(uow, erasure_id, actor, now))
        return self._decline("confirm_erasure", found, actor, now) if isinstance(found, Reason) else found

    def _decide(self, uow: UnitOfWork, erasure_id: str, actor: Actor, now: datetime) -> Erasure | Reason:
        row = uow.erasures.get(erasure_id)
        if row is None or row.state != REQUESTED:
            message = f"no open erasure {erasure_id}"
            raise NotFound(message)
        return self._refused(uow, row, actor) or self._erase(uow, row, actor, now)

    def _erase(self, uow: UnitOfWork, row: ErasureRow, actor: Actor, now: datetime) -> Erasure:
        targets = _left(Reads(uow.connection), row)
        event = LedgerErased(request=UUID(row.id), basis=LegalBasis(row.basis), targets=targets)
        entry = self.service.log(uow, event, actor, now)
        forget(uow, targets, self.service.policy)
        uow.erase(targets, entry)
        refold_without(uow, targets, now)
        uow.inbox.clear_settled()
        decided = replace(row, state=DONE, decided_by=actor_key(actor), decided_at=now)
        uow.erasures.settle(decided, from_state=REQUESTED)
        return Erasure(row.id, targets, entry)

    @property
    def _roles(self) -> tuple[Role, ...]:
        return self.service.policy.second_persons[SecondPersonRule.ERASURE].roles

    def _unauthorised(self, actor: Actor, roles: tuple[Role, ...]) -> Reason | None:
        if actor.person is not None and actor.has(*roles):
            return None
        return Reason(NOT_ALLOWED, subject=SecondPersonRule.ERASURE.value, who=_names(roles), remedy="erase")

    def _decline(self, command: PolicyId, reason: Reason, actor: Actor, now: datetime) -> Reason:
        """Refusals and unauthorised attempts are entries too."""
        kind = AccessRefused if reason.code == NOT_ALLOWED else CaseRefused
        event = kind(command=command, codes=(reason.code,), subjects=(reason.subject,))

        def keep(uow: UnitOfWork) -> None:
            if not repeated(uow.links, fingerprint(event, actor_key(actor), ""), now):
                self.service.log(uow, event, actor, now)

        self.service.retrying(keep)
        return reason

    def _refused(self, uow: UnitOfWork, row: ErasureRow, actor: Actor) -> Reason | None:
        rule = SecondPersonRule.ERASURE.value
        if row.requested_by == actor_key(actor):
            return Reason("second_person", subject=rule, found=row.requested_by, who=_names(self._roles),
                          remedy="erase confirm")  # fmt: skip
        return None if _left(Reads(uow.connection), row) else Reason("nothing_to_erase", subject=rule)


def targets_of(reads: Reads, selection: Selection, viewer: Actor) -> tuple[Target, ...]:
    """The disclosures meant, those that are still there. The case's number is not personal and stays.

    A person: who they are, and every text that holds their full name or their id as a word.
    """
    row = reads.case(selection.case)
    case = read_case(row) if row else None
    if row is None or case is None or not visible(WORKFLOWS[row.workflow], case, viewer):
        message = f"no case {selection.case}"
        raise NotFound(message)
    there = {
        Target(field.index, field.name): field.disclosure
        for field in reads.case_disclosures(row.id)
        if field.disclosure is not None and field.name != NUMBER
    }
    wanted = set(selection.fields)
    if selection.person:
        wanted = set(_naming(there, case, selection.person))
    elif not wanted:
        wanted = set(there)
    return tuple(target for target in there if target in wanted)


def _naming(there: Mapping[Target, str], case: Case, person: str) -> Iterator[Target]:
    pseudonym = case.pseudonym_of(person)
    if pseudonym is None:
        return
    words = {person, case.name_of(pseudonym)}
    named = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words), re.IGNORECASE)
    for target, disclosure in there.items():
        text = json.dumps(open_disclosure(disclosure).value, ensure_ascii=False)
        if target.name == f"{PERSON}{pseudonym}" or named.search(text):
            yield target


def forget(uow: UnitOfWork, targets: Iterable[Target], policy: Policy) -> None:
    """Remove the people whose identity goes from those met outside the policy: that is a copy of the name.

    Their case keeps what it needs to tell whether somebody is the same person.
    """
    reads = Reads(uow.connection)
    for target in targets:
        field = reads.disclosure(target) if target.name.startswith(PERSON) else None
        if field is None or field.disclosure is None:
            continue
        who = IdentityData.model_validate(open_disclosure(field.disclosure).value)
        entry = reads.entry(target.idx)
        if entry is not None and entry.case is not None:
            remember(uow.links, entry.case, who.id, target.name.removeprefix(PERSON))
        if policy.person_by(id=who.id) is None:
            uow.people.forget(who.id)


def _left(reads: Reads, row: ErasureRow) -> tuple[Target, ...]:
    """What was asked for and is still there: another erasure may have been quicker."""
    wanted = (Target(*item) for item in _TARGETS.validate_json(row.doc))
    return tuple(target for target in wanted if (field := reads.disclosure(target)) and field.disclosure is not None)


def refold_without(uow: UnitOfWork, targets: Sequence[Target], now: datetime) -> None:
    """Write every case that these fields belong to as its entries say once they are gone."""
    reads = Reads(uow.connection)
    gone = set(targets)
    found = (reads.entry(index) for index in dict.fromkeys(target.idx for target in targets))
    for case_id in sorted({entry.case for entry in found if entry is not None and entry.case is not None}):
        row = uow.load_case_by_id(case_id, hold=True)
        if row is not None:
            uow.update_case(_folded(row, reads.case_history(case_id), reads.case_disclosures(case_id), gone, now))


def _folded(
    row: CaseRow, history: Iterable[StoredEntry], fields: Iterable[StoredDisclosure], gone: set[Target], now: datetime
) -> CaseRow:
    texts: dict[int, list[tuple[str, str | None]]] = {}
    for field in fields:
        erased = Target(field.index, field.name) in gone
        texts.setdefault(field.index, []).append((field.name, None if erased else field.disclosure))
    workflow = WORKFLOWS[row.workflow]
    case, _ = refold(workflow, (read_entry(entry.body, texts.get(entry.index, ())) for entry in history))
    index = workflow.index(case)
    doc = case.model_dump_json().encode()
    return replace(
        row, state=index.state, kind=index.kind, severity=index.severity, visibility=index.visibility,
        search=index.search, version=row.version + 1, updated_at=now, doc=doc,
    )  # fmt: skip


def _names(roles: Iterable[Role]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(role.value for role in roles))
