"""What can have happened to an incident. Plain fields are hashed and stay; texts can be erased.

Areas of their own have modules of their own; `every_event` lists all.
"""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from config.policy.criteria import CriterionId
from config.policy.ids import CaseRole, Impact, SecondPersonRule, Severity, Spread, Visibility
from workflows import controls as iso
from workflows.actors import Pseudonym
from workflows.events import Event, OptionalText, Text
from workflows.incident.asked import Asked
from workflows.incident.terms import (
    ActionKind,
    DueKind,
    DutyDecision,
    Kind,
    PersonalData,
    Relation,
    ReopenCause,
    ReportWay,
    State,
    TaskKind,
)
from workflows.ledger.kinds import EntryKind
from workflows.record import EvidenceNumber, PolicyId, Sha256Hex

Controls = tuple[str, ...]


class Reported(Event):
    """A report opened the case (A.6.8). `acknowledge_due` follows from the policy; `quiet`: nobody is called."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_REPORTED
    controls: ClassVar[Controls] = iso.REPORT
    what: Text
    title: Text
    affected: OptionalText = None
    occurred: datetime | None = None
    detected: datetime | None = None
    reported: datetime
    reporter: Pseudonym | None = None
    reporter_name: OptionalText = None
    way: ReportWay | None = None
    personal_data: PersonalData | None = None
    visibility: Visibility = Visibility.TEAM
    named: tuple[Pseudonym, ...] = ()
    urgent: bool = False
    drill: bool = False
    quiet: bool = False
    backfill: bool = False
    acknowledge_due: datetime | None = None


class Acknowledged(Event):
    """Somebody looks after the report."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_ACKNOWLEDGED
    controls: ClassVar[Controls] = iso.RESPOND
    contain_due: datetime | None = None


class Assessed(Event):
    """An assessment, or a part of one: what is None was not said. `severity` is the one now in force."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_ASSESSED
    controls: ClassVar[Controls] = iso.ASSESS
    outcome: Kind | None = None
    reason: OptionalText = None
    category: OptionalText = None
    watched: bool = False
    confidentiality: Impact | None = None
    integrity: Impact | None = None
    availability: Impact | None = None
    authenticity: Impact | None = None
    spread: Spread | None = None
    severity: Severity | None = None
    severity_reason: OptionalText = None
    personal_data: PersonalData | None = None
    affected: OptionalText = None
    duplicate_of: OptionalText = None
    duplicate_id: UUID | None = None
    contain_due: datetime | None = None
    update_due: datetime | None = None


class Answered(Asked):
    """An answer to an exit criterion."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_ANSWERED
    controls: ClassVar[Controls] = iso.RESPOND
    text: OptionalText = None
    detail: OptionalText = None
    choice: PolicyId | None = None
    choices: tuple[PolicyId, ...] = ()
    when: datetime | None = None
    person: Pseudonym | None = None


class Exempted(Asked):
    """A criterion does not apply here."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_EXEMPTED
    controls: ClassVar[Controls] = iso.RESPOND
    because: Text


class Moved(Event):
    """The case went from one state to another, with the criteria that were met, exempted, relaxed or passed over."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_MOVED
    controls: ClassVar[Controls] = iso.RESPOND
    from_state: State
    to_state: State
    met: tuple[CriterionId, ...] = ()
    exempted: tuple[CriterionId, ...] = ()
    relaxed: tuple[CriterionId, ...] = ()
    overridden: tuple[CriterionId, ...] = ()
    override: int | None = None
    reason: OptionalText = None
    contain_due: datetime | None = None
    update_due: datetime | None = None
    review_due: datetime | None = None


class Noted(Event):
    """A note on the timeline."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_NOTED
    controls: ClassVar[Controls] = iso.LOG
    text: Text
    corrects: int | None = None


class Updated(Event):
    """How things stand, for everybody concerned; or (`urgent`) that the case cannot wait for its assessment.

    `promised`: the next update is due when its author said, not as the severity asks.
    """

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_UPDATED
    controls: ClassVar[Controls] = iso.RESPOND
    text: OptionalText = None
    urgent: bool = False
    update_due: datetime | None = None
    promised: bool = False


class SeveritySet(Event):
    """The severity was set by a person. `derived` is what the policy's matrix says."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_SEVERITY_SET
    controls: ClassVar[Controls] = iso.ASSESS
    severity: Severity
    derived: Severity | None = None
    reason: OptionalText = None
    contain_due: datetime | None = None
    update_due: datetime | None = None


class VisibilitySet(Event):
    """Who may see the case. `named` are those now named, besides whoever was (none of them stays when sealing)."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_VISIBILITY_SET
    controls: ClassVar[Controls] = iso.ACCESS
    visibility: Visibility
    named: tuple[Pseudonym, ...] = ()
    reason: OptionalText = None


class RoleAssigned(Event):
    """A role in this case was given, or taken away."""

    kind: ClassVar[EntryKind] = EntryKind.ROLE_ASSIGNED
    controls: ClassVar[Controls] = iso.ROLES
    case_role: CaseRole
    person: Pseudonym
    removed: bool = False


class ActionRecorded(Event):
    """A response action; when it was done is the time that the entry tells about."""

    kind: ClassVar[EntryKind] = EntryKind.ACTION_RECORDED
    controls: ClassVar[Controls] = iso.RESPOND
    action: ActionKind
    text: Text
    result: OptionalText = None
    done: bool = True


class EvidenceRecorded(Event):
    """Evidence was kept; when it was collected is the time that the entry tells about."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_RECORDED
    controls: ClassVar[Controls] = iso.EVIDENCE
    description: Text
    source_system: OptionalText = None
    location: OptionalText = None
    method: OptionalText = None
    file_name: OptionalText = None
    storage: OptionalText = None
    sha256: Sha256Hex | None = None
    size: int | None = None
    access_class: PolicyId | None = None
    collected_by: Pseudonym | None = None
    number: EvidenceNumber | None = None
    media_type: OptionalText = None
    origin: OptionalText = None
    utc_offset: int | None = None
    stored: bool = False


class TaskOpened(Event):
    """Something to do."""

    kind: ClassVar[EntryKind] = EntryKind.TASK_OPENED
    controls: ClassVar[Controls] = iso.RESPOND
    task: TaskKind
    text: Text
    owner: Pseudonym | None = None
    due: datetime | None = None


class TaskDone(Event):
    """A task is done."""

    kind: ClassVar[EntryKind] = EntryKind.TASK_DONE
    controls: ClassVar[Controls] = iso.RESPOND
    no: int
    result: OptionalText = None


class CorrectiveOpened(Event):
    """A corrective action with owner and due date (10.2)."""

    kind: ClassVar[EntryKind] = EntryKind.CORRECTIVE_OPENED
    controls: ClassVar[Controls] = iso.CORRECT
    text: Text
    owner: Pseudonym
    due: datetime


class CorrectiveDone(Event):
    """A corrective action is done; its effect is to be checked at `check_due`."""

    kind: ClassVar[EntryKind] = EntryKind.CORRECTIVE_DONE
    controls: ClassVar[Controls] = iso.CORRECT
    no: int
    result: Text
    check_due: datetime


class CorrectiveChecked(Event):
    """Whether a corrective action was effective."""

    kind: ClassVar[EntryKind] = EntryKind.CORRECTIVE_CHECKED
    controls: ClassVar[Controls] = iso.CORRECT
    no: int
    effective: bool
    finding: OptionalText = None


class CorrectiveReopened(Event):
    """A corrective action is open again: not effective, or its root cause came back in another case."""

    kind: ClassVar[EntryKind] = EntryKind.CORRECTIVE_REOPENED
    controls: ClassVar[Controls] = iso.CORRECT
    no: int
    cause: ReopenCause
    because: OptionalText = None
    because_id: UUID | None = None


class DutyOpened(Event):
    """A duty to notify may apply, for the first time or again, after it was decided not to.

    `alarm_from` is the earliest moment from which its clock could run.
    """

    kind: ClassVar[EntryKind] = EntryKind.DUTY_OPENED
    controls: ClassVar[Controls] = (*iso.AUTHORITIES, *iso.PRIVACY)
    regime: PolicyId
    alarm_from: datetime


class DutyDecided(Event):
    """Whether a duty applies."""

    kind: ClassVar[EntryKind] = EntryKind.DUTY_DECIDED
    controls: ClassVar[Controls] = (*iso.AUTHORITIES, *iso.PRIVACY)
    regime: PolicyId
    decision: DutyDecision
    reason: OptionalText = None
    aware: datetime | None = None


class DutyConfirmed(Event):
    """A second person agreed that a duty is not required."""

    kind: ClassVar[EntryKind] = EntryKind.DUTY_CONFIRMED
    controls: ClassVar[Controls] = (*iso.SEGREGATION, *iso.AUTHORITIES)
    regime: PolicyId


class DutyFiled(Event):
    """A notification was sent; when is the time that the entry tells about."""

    kind: ClassVar[EntryKind] = EntryKind.DUTY_FILED
    controls: ClassVar[Controls] = (*iso.AUTHORITIES, *iso.PRIVACY)
    regime: PolicyId
    reference: Text


class OverrideRequested(Event):
    """The lead asked to move on although criteria are missing."""

    kind: ClassVar[EntryKind] = EntryKind.OVERRIDE_REQUESTED
    controls: ClassVar[Controls] = iso.RESPOND
    to: State
    reason: Text
    missing: tuple[CriterionId, ...] = ()


class OverrideGranted(Event):
    """A second person granted it."""

    kind: ClassVar[EntryKind] = EntryKind.OVERRIDE_GRANTED
    controls: ClassVar[Controls] = (*iso.SEGREGATION, *iso.RESPOND)
    no: int
    reason: Text


class OverrideDenied(Event):
    """A second person denied it."""

    kind: ClassVar[EntryKind] = EntryKind.OVERRIDE_DENIED
    controls: ClassVar[Controls] = (*iso.SEGREGATION, *iso.RESPOND)
    no: int
    reason: Text


class DismissalConfirmed(Event):
    """A second person confirmed that this is no incident."""

    kind: ClassVar[EntryKind] = EntryKind.DISMISSAL_CONFIRMED
    controls: ClassVar[Controls] = (*iso.SEGREGATION, *iso.ASSESS)


class DueOpened(Event):
    """Something is owed and holds back closing."""

    kind: ClassVar[EntryKind] = EntryKind.DUE_OPENED
    controls: ClassVar[Controls] = iso.SEGREGATION
    due_kind: DueKind
    criterion: CriterionId | None = None
    rule: SecondPersonRule | None = None
    regime: PolicyId | None = None
    first: Pseudonym | None = None
    due: datetime | None = None


class DueSettled(Event):
    """What was owed is there now."""

    kind: ClassVar[EntryKind] = EntryKind.DUE_SETTLED
    controls: ClassVar[Controls] = iso.SEGREGATION
    no: int


class Countersigned(Event):
    """Management signed as second person."""

    kind: ClassVar[EntryKind] = EntryKind.COUNTERSIGNED
    controls: ClassVar[Controls] = iso.SEGREGATION
    no: int
    rule: SecondPersonRule


class CaseLinked(Event):
    """A change or another case was tied to this one, or the tie removed."""

    kind: ClassVar[EntryKind] = EntryKind.CASE_LINKED
    controls: ClassVar[Controls] = iso.CHANGE
    number: Text
    other: UUID
    relation: Relation
    removed: bool = False


LIFE_EVENTS: Final[tuple[type[Event], ...]] = (
    Reported, Acknowledged, Assessed, Answered, Exempted, Moved, Noted, Updated, SeveritySet, VisibilitySet,
    RoleAssigned, ActionRecorded, EvidenceRecorded, TaskOpened, TaskDone, CorrectiveOpened, CorrectiveDone,
    CorrectiveChecked, CorrectiveReopened, DutyOpened, DutyDecided, DutyConfirmed, DutyFiled, OverrideRequested,
    OverrideGranted, OverrideDenied, DismissalConfirmed, DueOpened, DueSettled, Countersigned, CaseLinked,
)  # fmt: skip
"""Those of this module; `every_event` has all of them."""
