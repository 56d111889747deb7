"""Erasing disclosed fields (GDPR Art. 17, 5(1)(c) and (e)): by two persons, with a legal basis, recorded.

Only disclosures can be erased; skeletons hold no personal data. The root of the log does not change. The case row is
folded anew in the same transaction, since it holds copies. Bodies of settled deliveries go as well: nothing tells which
of them name the person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import StringConstraints, TypeAdapter

from config.policy.ids import Role, SecondPersonRule
from workflows.actors import Actor
from workflows.decisions import Reason
from workflows.errors import NotFound
from workflows.events import Event
from workflows.fold import refold
from workflows.ledger.kinds import EntryKind
from workflows.ledger.receipt import Receipt
from workflows.ledger.stored import StoredDisclosure, StoredEntry
from workflows.record import NUMBER, PERSON, read_entry
from workflows.registry import WORKFLOWS
from workflows.service import Service
from workflows.store.reads import Reads
from workflows.store.rows import CaseRow, ErasureRow, Target
from workflows.store.unit_of_work import UnitOfWork

REQUESTED = "requested"
DONE = "done"
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
_TARGETS = TypeAdapter(tuple[tuple[int, FieldName], ...])


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
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Eraser:
    """Asks for erasures and carries them out."""

    service: Service

    def request(self, selection: Selection, basis: LegalBasis, actor: Actor) -> Erasure | Reason:
        """Record that somebody asks. Raises NotFound; a Reason when they may not, or nothing is there to erase."""
        if refused := self._refused(actor):
            return refused
        service = self.service
        now = service.moment.now()
        erasure_id = service.moment.new_id()
        with service.store.reading() as reads:
            targets = targets_of(reads, selection)
        if not targets:
            return Reason("nothing_to_erase", subject=selection.case)
        with service.store.transaction() as uow:
            event = ErasureRequested(request=erasure_id, basis=basis, fields=targets)
            entry = service.log(uow, event, actor, now)
            doc = _TARGETS.dump_json(targets)
            uow.erasures.request(
                ErasureRow(id=str(erasure_id), state=REQUESTED, basis=basis.value, doc=doc,
                           requested_by=_id_of(actor), requested_at=now)
            )  # fmt: skip
        return Erasure(str(erasure_id), targets, entry.receipt)

    def confirm(self, erasure_id: str, actor: Actor) -> Erasure | Reason:
        """Be the second person: erase. Raises NotFound, Conflict when it was decided meanwhile."""
        if refused := self._refused(actor):
            return refused
        now = self.service.moment.now()
        with self.service.store.transaction() as uow:
            row = uow.erasures.get(erasure_id)
            if row is None or row.state != REQUESTED:
                message = f"no open erasure {erasure_id}"
                raise NotFound(message)
            if row.requested_by == _id_of(actor):
                return Reason("second_person", subject=SecondPersonRule.ERASURE.value, who=self._second_persons())
            targets = tuple(Target(*item) for item in _TARGETS.validate_json(row.doc))
            event = LedgerErased(request=UUID(row.id), basis=LegalBasis(row.basis), targets=targets)
            entry = self.service.log(uow, event, actor, now)
            uow.erase(targets, entry)
            refold_without(uow, targets, now)
            uow.inbox.clear_settled()
            uow.erasures.settle(
                replace(row, state=DONE, decided_by=_id_of(actor), decided_at=now), from_state=REQUESTED
            )
        return Erasure(erasure_id, targets, entry.receipt)

    def _refused(self, actor: Actor) -> Reason | None:
        allowed = self.service.policy.second_persons[SecondPersonRule.ERASURE].roles
        if actor.person is not None and actor.has(*allowed, Role.ISB, Role.DPO, Role.DEPUTY):
            return None
        return Reason("not_allowed", subject="erase", who=self._second_persons())

    def _second_persons(self) -> tuple[str, ...]:
        return tuple(role.value for role in self.service.policy.second_persons[SecondPersonRule.ERASURE].roles)


def targets_of(reads: Reads, selection: Selection) -> tuple[Target, ...]:
    """The disclosures meant, those that are still there. The case's number is not personal and stays."""
    row = reads.case(selection.case)
    if row is None:
        message = f"no case {selection.case}"
        raise NotFound(message)
    there = [field for field in reads.case_disclosures(row.id) if field.disclosure is not None and field.name != NUMBER]
    if selection.person:
        case = WORKFLOWS[row.workflow].case_type.model_validate_json(row.doc)
        pseudonym = case.pseudonym_of(selection.person)
        return tuple(Target(field.index, field.name) for field in there if field.name == f"{PERSON}{pseudonym}")
    wanted = set(selection.fields)
    found = (Target(field.index, field.name) for field in there)
    return tuple(target for target in found if not wanted or target in wanted)


def refold_without(uow: UnitOfWork, targets: Sequence[Target], now: datetime) -> None:
    """Write every case that these fields belong to as its entries say once they are gone."""
    reads = Reads(uow.connection)
    gone = set(targets)
    found = (reads.entry(index) for index in dict.fromkeys(target.idx for target in targets))
    for case_id in sorted({entry.case for entry in found if entry is not None and entry.case is not None}):
        row = uow.load_case_by_id(case_id)
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
    copies: Mapping[str, str] = {
        "state": index.state, "kind": index.kind, "severity": index.severity,
        "visibility": index.visibility, "search": index.search,
    }  # fmt: skip
    return replace(row, **copies, version=row.version + 1, updated_at=now, doc=case.model_dump_json().encode())


def _id_of(actor: Actor) -> str:
    return actor.person.id if actor.person else actor.source.value
