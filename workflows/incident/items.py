"""The parts an incident consists of. `no` counts from 1 within the case and its list; persons are pseudonyms."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from config.policy.criteria import CriterionId
from config.policy.ids import CaseRole, Phase, SecondPersonRule
from workflows.actors import Pseudonym, Source
from workflows.events import OptionalText, Text
from workflows.incident.evidence_terms import CheckResult, CustodyStep, NoteKind, Unfetched
from workflows.incident.terms import (
    ActionKind,
    CorrectiveState,
    DueKind,
    DutyDecision,
    OverrideState,
    Relation,
    ReopenCause,
    State,
    TaskKind,
)


class Part(BaseModel):
    """Frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AskedPart(Part):
    """What was asked: the criterion, and of one that the organisation added its phase and its words then."""

    criterion: CriterionId
    leaving: Phase | None = None
    question_en: OptionalText = None
    question_de: OptionalText = None
    by: Pseudonym | None = None
    at: datetime


class Answer(AskedPart):
    """What was answered to one exit criterion. Which fields are filled depends on it (`form_fields`)."""

    text: OptionalText = None
    detail: OptionalText = None
    choice: str | None = None
    choices: tuple[str, ...] = ()
    when: datetime | None = None
    person: Pseudonym | None = None


class Exemption(AskedPart):
    """A criterion that does not apply here, and why."""

    because: Text


class PageItem(Part):
    """Somebody who was called, by which step of the ladder, and when they said that they cannot.

    `step` counts on from round to round.
    """

    step: int
    person: Pseudonym
    at: datetime
    declined_at: datetime | None = None


class HandoverItem(Part):
    """An offer of the lead that waits for its answer: to whom, by whom, and how it stands."""

    person: Pseudonym
    giver: Pseudonym
    stands: Text
    next_step: OptionalText = None
    at: datetime
    named: bool = False
    """They were named in the case in order to answer."""


class OwnerItem(Part):
    """The question to a service owner whether they agree: whom, since when, by whom, and their "not yet"."""

    person: Pseudonym
    at: datetime
    by: Pseudonym | None = None
    named: bool = False
    """They were named in the case in order to answer."""
    not_yet: OptionalText = None
    not_yet_at: datetime | None = None


class PhaseEntry(Part):
    """When the case came into a state."""

    state: State
    at: datetime


class RoleHolder(Part):
    """Who holds a role in this case."""

    role: CaseRole
    person: Pseudonym


class Duplicate(Part):
    """Another report that was dismissed as a duplicate of this case; without a number where not everybody may know."""

    id: UUID
    number: OptionalText = None


class NoteItem(Part):
    """A note of the timeline. A correction names the entry (`seq`) it corrects; both stay."""

    seq: int
    text: Text
    corrects: int | None = None
    by: Pseudonym | None = None
    occurred_at: datetime
    at: datetime
    kind: NoteKind = NoteKind.NOTE
    origin: OptionalText = None
    """Which message it is, for one that was put here."""
    author: Pseudonym | None = None
    about: int | None = None
    """The entry whose message was edited or deleted."""
    version: datetime | None = None
    """When the message was last edited, as it stands in this entry."""


class Action(Part):
    """A response action: what was done, with what result."""

    no: int
    kind: ActionKind
    text: Text
    result: OptionalText = None
    done: bool
    by: Pseudonym | None = None
    at: datetime


class Custody(Part):
    """One link of the chain of custody."""

    step: CustodyStep
    by: Pseudonym | None = None
    at: datetime
    purpose: OptionalText = None
    giver: OptionalText = None
    receiver: OptionalText = None
    result: CheckResult | None = None


class Gap(Part):
    """A file that could not be fetched."""

    seq: int
    origin: Text
    why: Unfetched
    file_name: OptionalText = None
    at: datetime


class Evidence(Part):
    """Evidence kept (A.5.28, ISO/IEC 27037). The thing itself is elsewhere; here are its hash and its place."""

    no: int
    description: Text
    source_system: OptionalText = None
    location: OptionalText = None
    method: OptionalText = None
    file_name: OptionalText = None
    storage: OptionalText = None
    sha256: str | None = None
    size: int | None = None
    access_class: str | None = None
    collected_by: Pseudonym | None = None
    collected_at: datetime
    number: str | None = None
    """`EV-2026-0007`: unlike `no`, its own across all cases."""
    media_type: OptionalText = None
    origin: OptionalText = None
    """The original where it was: a file or a message of Slack."""
    utc_offset: int | None = None
    """Minutes by which local time was ahead of UTC when it was collected."""
    stored: bool = False
    """Whether its bytes lie in the evidence folder, under their SHA-256."""
    custody: tuple[Custody, ...] = ()
    finding: CheckResult | None = None
    """What the last re-check showed, where that was not "intact"."""
    disposal_asked_by: Pseudonym | None = None
    disposal_asked_at: datetime | None = None
    disposed_at: datetime | None = None

    @property
    def awaits_disposal(self) -> bool:
        """Whether somebody asked that it be destroyed, and nobody decided."""
        return self.disposal_asked_at is not None and self.disposed_at is None


class TaskIssue(Part):
    """The issue of a forge that a task follows. `source` None: the first forge that tells of such an issue is meant."""

    repository: Text
    number: int
    address: OptionalText = None
    source: Source | None = None


class Task(Part):
    """Something to do."""

    no: int
    kind: TaskKind
    text: Text
    owner: Pseudonym | None = None
    due: datetime | None = None
    done_at: datetime | None = None
    done_by: Pseudonym | None = None
    result: OptionalText = None
    issue: TaskIssue | None = None

    @property
    def is_promise(self) -> bool:
        """Whether the case went on for it to be done: the replacement of what was exposed ends with no case."""
        return self.kind is TaskKind.ROTATION


class Corrective(Part):
    """A corrective action (10.2). It outlives the case: done, then checked for its effect by someone else."""

    no: int
    text: Text
    owner: Pseudonym
    due: datetime
    state: CorrectiveState = CorrectiveState.OPEN
    done_at: datetime | None = None
    result: OptionalText = None
    check_due: datetime | None = None
    checked_at: datetime | None = None
    checked_by: Pseudonym | None = None
    finding: OptionalText = None
    reopened: tuple[ReopenCause, ...] = ()

    @property
    def is_unsettled(self) -> bool:
        """Whether it is still to be done, or to be checked."""
        return self.state in {CorrectiveState.OPEN, CorrectiveState.DONE}


class Duty(Part):
    """A duty to notify under one regime, from its opening to filed or not required."""

    regime: str
    opened_at: datetime
    alarm_from: datetime
    """Earliest moment from which the clock could run: when the case was reported."""
    aware: datetime | None = None
    decision: DutyDecision = DutyDecision.UNDECIDED
    reason: OptionalText = None
    decided_by: Pseudonym | None = None
    decided_at: datetime | None = None
    second: Pseudonym | None = None
    filed_at: datetime | None = None
    filed_by: Pseudonym | None = None
    reference: OptionalText = None

    @property
    def is_settled(self) -> bool:
        """Filed, or decided by two persons that it is not required."""
        if self.filed_at is not None:
            return True
        return self.decision is DutyDecision.NOT_REQUIRED and self.reason is not None and self.second is not None


class Override(Part):
    """A move asked for although criteria are missing."""

    no: int
    to: State
    reason: Text
    asked_by: Pseudonym | None
    asked_at: datetime
    state: OverrideState = OverrideState.REQUESTED
    decided_by: Pseudonym | None = None
    decided_at: datetime | None = None
    decision_reason: OptionalText = None


class DueItem(Part):
    """Something that is still owed and holds back closing."""

    no: int
    kind: DueKind
    criterion: CriterionId | None = None
    rule: SecondPersonRule | None = None
    regime: str | None = None
    first: Pseudonym | None = None
    """Who did the step that awaits a countersignature."""
    due: datetime | None = None
    opened_at: datetime
    settled_at: datetime | None = None
    settled_by: Pseudonym | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.settled_at is None


class Link(Part):
    """A change (or another case) that belongs to this one."""

    number: Text
    id: UUID
    relation: Relation
