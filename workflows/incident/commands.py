"""Everything one can want of an incident. Texts come trimmed; empty means not given. Times are aware, in UTC."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.policy.criteria import CriterionId
from config.policy.ids import CaseRole, Impact, Severity, Spread, Visibility
from workflows.actors import Person
from workflows.commands import Command
from workflows.incident.terms import ActionKind, Kind, PersonalData, Relation, ReopenCause, ReportWay, State, TaskKind


def present(*persons: Person | None) -> tuple[Person, ...]:
    """The persons that were named."""
    return tuple(person for person in persons if person is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Command):
    """Open a case (A.6.8). Only `what` is needed.

    `reporter` is who told it, when that is not the actor; `reporter_name` somebody whom the organisation does not know
    by an account. `way`: how it reached the actor. A sealed report names its `named` people; who reports counts
    as named. `reported` is given for backfilled cases only. `page`: a drill calls who is on duty, too.
    """

    what: str
    title: str = ""
    affected: str = ""
    occurred: datetime | None = None
    detected: datetime | None = None
    reported: datetime | None = None
    personal_data: PersonalData | None = None
    reporter: Person | None = None
    reporter_name: str = ""
    way: ReportWay | None = None
    visibility: Visibility = Visibility.TEAM
    named: tuple[Person, ...] = ()
    urgent: bool = False
    drill: bool = False
    page: bool = False
    backfill: bool = False

    def persons(self) -> tuple[Person, ...]:
        """The reporter and the named people."""
        return (*present(self.reporter), *self.named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(Command):
    """Take notice of a report: somebody looks after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkUrgent(Command):
    """Say that it cannot wait: the case gets its channel before the assessment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assess(Command):
    """Assess a report (A.5.25), in whole or in part: what is None or empty stays as it is.

    `severity` only where it differs from the policy's matrix, then with `severity_reason`.
    `lead` None: who assesses as incident becomes the lead, when there is none yet.
    """

    kind: Kind | None = None
    reason: str = ""
    category: str = ""
    named: tuple[Person, ...] = ()
    confidentiality: Impact | None = None
    integrity: Impact | None = None
    availability: Impact | None = None
    authenticity: Impact | None = None
    spread: Spread | None = None
    severity: Severity | None = None
    severity_reason: str = ""
    lead: Person | None = None
    personal_data: PersonalData | None = None
    affected: str = ""
    duplicate_of: str = ""

    def persons(self) -> tuple[Person, ...]:
        """The lead and the named people."""
        return (*present(self.lead), *self.named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer to one criterion; its fields stand in `form_fields`. `skip` means "not applicable, because"."""

    criterion: CriterionId
    text: str = ""
    detail: str = ""
    choice: str = ""
    choices: tuple[str, ...] = ()
    when: datetime | None = None
    person: Person | None = None
    skip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedAt:
    """When a backfilled case came into a state."""

    to: State
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswers(Command):
    """Commands that bring answers along. What could be recorded stays recorded when the command is refused."""

    answers: tuple[Given, ...] = ()
    moved: tuple[MovedAt, ...] = ()
    """The real times of the moves, for backfilled cases only."""
    assess: Assess | None = None
    """Assessed first; its `case` is not looked at."""

    def persons(self) -> tuple[Person, ...]:
        """Everybody the answers and the assessment name."""
        named = present(*(given.person for given in self.answers))
        return (*named, *(self.assess.persons() if self.assess else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(GivenAnswers):
    """Answer criteria without moving."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempt(Command):
    """Say that a criterion does not apply here, and why."""

    criterion: CriterionId
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance(GivenAnswers):
    """Leave the phase forward: to the next one, to `dismissed`, or as near miss to `review`."""

    to: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(GivenAnswers):
    """Close a reviewed case: `Advance` to `closed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(GivenAnswers):
    """All remaining phases of an S3 or S4 at once, each move recorded apart. All moves happen, or none."""

    to: State = State.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class GoBack(Command):
    """Return to an earlier phase."""

    to: State
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    """Take up a closed case again (in `review`) or a dismissed one (in `identify`)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Command):
    """Add to the timeline. `corrects` is the sequence number of the entry of this case that this one puts right."""

    text: str
    occurred: datetime | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Command):
    """Tell everybody how things stand, and when they hear the next (None: as the severity asks)."""

    text: str
    next_update: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAction(Command):
    """A response action. Done ones need their result; `occurred` is when it was done."""

    kind: ActionKind
    text: str
    result: str = ""
    done: bool = True
    occurred: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvidence(Command):
    """Evidence that was kept (A.5.28). The thing itself lies elsewhere; `sha256` in hex."""

    description: str
    source_system: str = ""
    location: str = ""
    method: str = ""
    file_name: str = ""
    storage: str = ""
    sha256: str = ""
    size: int | None = None
    access_class: str = ""
    collected_by: Person | None = None
    occurred: datetime | None = None
    media_type: str = ""
    origin: str = ""
    """The original in Slack; what is kept already is not recorded again."""
    stored: bool = False
    """Whether its bytes lie in the evidence folder, under `sha256`."""

    def persons(self) -> tuple[Person, ...]:
        """Who collected it."""
        return present(self.collected_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask(Command):
    """Something to do."""

    text: str
    kind: TaskKind = TaskKind.GENERAL
    owner: Person | None = None
    due: datetime | None = None

    def persons(self) -> tuple[Person, ...]:
        """Who is to do it."""
        return present(self.owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishTask(Command):
    """A task is done."""

    no: int
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole(Command):
    """Give a role in this case (the lead is handed over by it), or take it away.

    `vacant`: only where nobody has it; two who press the same button must not take it from each other.
    """

    role: CaseRole
    person: Person
    remove: bool = False
    vacant: bool = False

    def persons(self) -> tuple[Person, ...]:
        """Who gets the role, or loses it."""
        return (self.person,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSeverity(Command):
    """Set the severity. One that differs from the policy's matrix needs the reason."""

    severity: Severity
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVisibility(Command):
    """Tighten or loosen who may see the case. Sealed needs two named people, one of ISB, deputy or management."""

    visibility: Visibility
    named: tuple[Person, ...] = ()
    reason: str = ""

    def persons(self) -> tuple[Person, ...]:
        """The named people."""
        return self.named


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCorrective(Command):
    """Agree on a corrective action (10.2)."""

    text: str
    owner: Person
    due: datetime

    def persons(self) -> tuple[Person, ...]:
        """Who owns it."""
        return (self.owner,)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishCorrective(Command):
    """A corrective action is done. Its effect is checked later, by someone else."""

    no: int
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCorrective(Command):
    """Was it effective? Not by its owner. "Not effective" opens it again, and takes the finding."""

    no: int
    effective: bool
    finding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCorrective(Command):
    """Given by the machine when the same root cause came back in another case."""

    no: int
    because: str
    """Number of the case in which it came back."""
    because_id: UUID
    cause: ReopenCause = ReopenCause.RECURRENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDuty(Command):
    """Decide whether a duty to notify applies. "Not required" needs a reason and a second person.

    `aware` is when the organisation became aware, for this regime.
    """

    regime: str
    required: bool
    reason: str = ""
    aware: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDuty(Command):
    """Be the second person of a decision "not required"."""

    regime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDuty(Command):
    """Record that a notification was sent: when, and its reference."""

    regime: str
    reference: str
    filed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOverride(Command):
    """The lead asks to move on although criteria are missing."""

    to: State
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantOverride(Command):
    """Grant an override: the move happens, what is missing becomes due. `no` None: the one that is open."""

    reason: str
    no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DenyOverride(Command):
    """Deny an override. `no` None: the one that is open."""

    reason: str
    no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDismissal(Command):
    """Confirm that this is no incident (S1, S2, watched categories). The move follows when nothing else is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersign(Command):
    """Management signs where nobody else could be the second person. `no` of the due item; None: all open ones."""

    no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChange(Command):
    """Tie a change (or another case) to this one."""

    number: str
    relation: Relation = Relation.RELATED
    remove: bool = False
