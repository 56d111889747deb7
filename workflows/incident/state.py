"""An incident case as folded from its entries, and the questions that everybody asks it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from config.policy.criteria import CriterionId
from config.policy.ids import CaseRole, Criterion, Impact, SecondPersonRule, Severity, Spread, Visibility
from workflows.actors import Pseudonym
from workflows.duties import GDPR_33_1
from workflows.events import OptionalText, Text
from workflows.exported import ExportItem
from workflows.incident.items import (
    Action,
    Answer,
    Corrective,
    DueItem,
    Duplicate,
    Duty,
    Evidence,
    Exemption,
    Gap,
    HandoverItem,
    Link,
    NoteItem,
    Override,
    OwnerItem,
    PageItem,
    Part,
    PhaseEntry,
    RoleHolder,
    Task,
)
from workflows.incident.terms import DueKind, DutyDecision, Goal, Kind, PersonalData, Relation, ReportWay, State
from workflows.workflow import Case


class Assessment(Part):
    """The assessment (A.5.25): which kind, who decided, when and why."""

    kind: Kind
    reason: OptionalText = None
    by: Pseudonym | None = None
    at: datetime


class IncidentCase(Case):
    """One incident. Frozen; made by `apply` alone. Times are UTC."""

    state: State = State.IDENTIFY
    kind: Kind = Kind.EVENT
    title: Text = ""
    what: Text = ""
    affected: OptionalText = None
    category: OptionalText = None
    visibility: Visibility = Visibility.TEAM
    urgent: bool = False
    drill: bool = False
    quiet: bool = False
    """A drill that calls nobody: neither its asker nor the policy wanted it."""
    scenario: str | None = None
    injected: int = 0
    """By which scenario of the policy it is a drill, and how much of it came to light."""
    backfill: bool = False

    reporter: Pseudonym | None = None
    reporter_name: OptionalText = None
    """Who told it, where that is nobody with an account."""
    way: ReportWay | None = None
    recorded_by: Pseudonym | None = None
    roles: tuple[RoleHolder, ...] = ()

    occurred: datetime | None = None
    detected: datetime | None = None
    reported: datetime | None = None
    acknowledged: datetime | None = None
    acknowledged_by: Pseudonym | None = None
    unanswered: datetime | None = None
    """When all calls had been in vain, since it waits for somebody."""
    reopened: datetime | None = None
    """When it was last opened again after it had been dismissed: from then on it waits for somebody anew."""
    contained: datetime | None = None
    recovered: datetime | None = None
    closed: datetime | None = None
    closed_by: Pseudonym | None = None
    entered: tuple[PhaseEntry, ...] = ()

    assessment: Assessment | None = None
    impact: Mapping[Goal, Impact] = {}
    spread: Spread | None = None
    severity: Severity | None = None
    severity_reason: OptionalText = None
    """Set when the severity is not the one that follows from impact and spread."""
    personal_data: PersonalData | None = None
    duplicate_of: OptionalText = None
    duplicate_id: UUID | None = None
    dismissal_confirmed_by: Pseudonym | None = None
    worst: Severity | None = None
    """The worst severity there ever was. Lowering it does not spare the confirmation of a dismissal."""
    watched: bool = False
    """Whether the category was ever one that is watched."""
    second_asked: State | None = None
    """The move that waits for its second person only, and for which they were asked."""
    review_leads: tuple[Pseudonym, ...] = ()
    """Who led since containment began; without a lead, who assessed."""
    root_cause_tag: OptionalText = None

    answers: Mapping[CriterionId, Answer] = {}
    exemptions: Mapping[CriterionId, Exemption] = {}
    notes: tuple[NoteItem, ...] = ()
    actions: tuple[Action, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    gaps: tuple[Gap, ...] = ()
    tasks: tuple[Task, ...] = ()
    correctives: tuple[Corrective, ...] = ()
    duties: tuple[Duty, ...] = ()
    overrides: tuple[Override, ...] = ()
    due_items: tuple[DueItem, ...] = ()
    links: tuple[Link, ...] = ()
    pages: tuple[PageItem, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    exports: tuple[ExportItem, ...] = ()
    handover: HandoverItem | None = None
    """The offer of the lead that waits for an answer."""
    owner_asked: OwnerItem | None = None
    """The service owner who was asked to agree, until somebody agreed or the case goes back."""

    update_due: datetime | None = None
    contain_due: datetime | None = None
    review_due: datetime | None = None
    handover_due: datetime | None = None
    owner_due: datetime | None = None
    """The last that was promised of each; whether it still matters, the phase says (`promises`)."""

    update_promised: bool = False
    """Whether the time of the next update is one that somebody named."""
    last_update: OptionalText = None
    last_update_at: datetime | None = None

    @property
    def contain_since(self) -> datetime | None:
        """From when on containment is owed: since somebody is looked for, or since the case last went back to it."""
        back = (
            two.at
            for one, two in pairwise(self.entered)
            if two.state is State.CONTAIN and one.state is not State.IDENTIFY
        )
        return max((one for one in (self.waits_since, *back) if one is not None), default=None)

    @property
    def waits_since(self) -> datetime | None:
        """From when on somebody is looked for: since it was reported, or opened again as what it was at first."""
        return self.reopened or self.reported

    @property
    def called(self) -> tuple[PageItem, ...]:
        """Who was called since."""
        return tuple(page for page in self.pages if self.reopened is None or page.at >= self.reopened)

    @property
    def lead(self) -> Pseudonym | None:
        """Who leads the response."""
        return next(iter(self.holders(CaseRole.LEAD)), None)

    @property
    def leaders(self) -> tuple[Pseudonym, ...]:
        """Who leads, and who led the response: none of them closes the case alone."""
        return tuple(dict.fromkeys(one for one in (self.lead, *self.review_leads) if one is not None))

    @property
    def is_on_behalf(self) -> bool:
        """Whether somebody else told it than who recorded it."""
        return self.reporter_name is not None or (self.reporter is not None and self.reporter != self.recorded_by)

    @property
    def retention_class(self) -> str | None:
        """How long the case is kept: an id of the policy."""
        answer = self.answers.get(Criterion.RETENTION_CLASS)
        return answer.choice if answer else None

    @property
    def wants_channel(self) -> bool:
        """Whether the case has a channel of its own: assessed as incident, or urgent, as it happens."""
        return not self.backfill and (self.urgent or self.kind is Kind.INCIDENT)

    @property
    def merged_into(self) -> UUID | None:
        """The case in which this one goes on; None unless it is dismissed as its duplicate."""
        return self.duplicate_id if (self.state, self.kind) == (State.DISMISSED, Kind.DUPLICATE) else None

    @property
    def concerns_dpo(self) -> bool:
        """Whether the data protection officer may see the case.

        Also while the duty that personal data opened is not settled: a "no" does not keep it from who decides on it.
        """
        owed = self.duty(GDPR_33_1)
        return self.personal_data in (PersonalData.YES, PersonalData.UNKNOWN) or (
            owed is not None and not owed.is_settled
        )

    @property
    def awaits_management(self) -> bool:
        """Whether a countersignature of management is open."""
        return any(item.kind is DueKind.COUNTERSIGN for item in self.open_due_items)

    @property
    def open_due_items(self) -> tuple[DueItem, ...]:
        """What still holds back closing."""
        return tuple(item for item in self.due_items if item.is_open)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """Tasks that can still be done: those of an open case, of a duplicate that goes on elsewhere, and promises."""
        doable = self.state.is_open or self.merged_into is not None
        return tuple(task for task in self.tasks if task.done_at is None and (doable or task.is_promise))

    @property
    def outlived(self) -> bool:
        """Whether something is to be done that may outlive the case: see each of the four."""
        return bool(self.unsettled_correctives or self.outlived_tasks or self.outlived_duties or self.disposals)

    @property
    def disposals(self) -> tuple[Evidence, ...]:
        """Evidence that somebody asked to have destroyed, while nobody decided."""
        return tuple(one for one in self.evidence if one.awaits_disposal)

    @property
    def outlived_tasks(self) -> tuple[Task, ...]:
        """Tasks to be done although the case is over."""
        return () if self.state.is_open else self.open_tasks

    @property
    def outlived_duties(self) -> tuple[Duty, ...]:
        """Duties still to be settled although this is no incident: of a disruption, or where personal data is affected.

        Lost availability of personal data is a breach without any attack (GDPR Art. 4 no. 12). A false alarm has none
        unless somebody said so, or decided it to be required; those of a duplicate are decided where it goes on.
        """
        if self.state is not State.DISMISSED or self.kind is Kind.DUPLICATE:
            return ()
        concerned = self.kind is Kind.DISRUPTION or self.personal_data is PersonalData.YES
        left = (duty for duty in self.duties if not duty.is_settled)
        return tuple(duty for duty in left if concerned or duty.decision is DutyDecision.REQUIRED)

    @property
    def unsettled_correctives(self) -> tuple[Corrective, ...]:
        """Corrective actions to be done, or whose effect is still to be checked (10.2)."""
        return tuple(one for one in self.correctives if one.is_unsettled)

    @property
    def fixes(self) -> tuple[Link, ...]:
        """The changes that fix this incident, and hold its recovery until they are in production."""
        return tuple(link for link in self.links if link.relation is Relation.FIXES)

    def holders(self, role: CaseRole) -> tuple[Pseudonym, ...]:
        """Who holds a role in this case."""
        return tuple(held.person for held in self.roles if held.role is role)

    @property
    def owners(self) -> frozenset[Pseudonym]:
        """Who got something to do: a task, or a corrective action."""
        tasks = (task.owner for task in self.tasks if task.owner is not None)
        return frozenset((*tasks, *(action.owner for action in self.correctives)))

    def roles_of(self, person: Pseudonym | None) -> frozenset[CaseRole]:
        """The roles that a person holds in this case; `owner` for who has a task or a corrective action here."""
        if person is None:
            return frozenset()
        held = {held.role for held in self.roles if held.person == person}
        if person in (self.reporter, self.recorded_by):
            held.add(CaseRole.REPORTER)
        if person in self.owners:
            held.add(CaseRole.OWNER)
        return frozenset(held)

    def duty(self, regime: str) -> Duty | None:
        """The duty under a regime, if one was opened."""
        return next((duty for duty in self.duties if duty.regime == regime), None)

    def awaits_countersign(self, rule: SecondPersonRule) -> bool:
        """Whether a step under this rule still awaits management."""
        return any(item.rule is rule for item in self.open_due_items if item.kind is DueKind.COUNTERSIGN)

    def entered_at(self, state: State) -> datetime | None:
        """When the case last came into a state."""
        return next((entry.at for entry in reversed(self.entered) if entry.state is state), None)

    def time_in(self, state: State, until: datetime) -> timedelta:
        """How long the case has been in a state altogether, up to `until`."""
        ends = (*(entry.at for entry in self.entered[1:]), until)
        spans = (end - entry.at for entry, end in zip(self.entered, ends, strict=False) if entry.state is state)
        return sum(spans, timedelta())
