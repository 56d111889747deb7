"""Events of the emergency way (break-glass), and of what it leaves to be done: due items, retrospective reviews."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from config.policy.ids import Requirement
from workflows.change.codes import EmergencyEnd, Escalation, Settlement
from workflows.change.event_roots import RequestEvent
from workflows.events import Event, OptionalText, Text
from workflows.ledger.kinds import EntryKind
from workflows.record import CommitSha


class EmergencyOpened(RequestEvent):
    """Somebody asked to let this commit through as an emergency (A.8.32).

    `alone`: their role lets it through at once, and a second person has until `second_due`. Else it is let through once
    a second person agrees, and lapses at `second_due`.
    """

    kind: ClassVar[EntryKind] = EntryKind.EMERGENCY_OPENED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.3", "A.5.26")
    emergency: UUID
    head: CommitSha
    reason: Text
    alone: bool
    second_due: datetime
    incident: OptionalText = None


class EmergencyConfirmed(Event):
    """A second person agreed to the emergency (A.5.3)."""

    kind: ClassVar[EntryKind] = EntryKind.EMERGENCY_CONFIRMED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.3")
    emergency: UUID


class EmergencyEnded(Event):
    """The commit is no longer let through: a person withdrew it, or no second person agreed in time."""

    kind: ClassVar[EntryKind] = EntryKind.EMERGENCY_ENDED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.3")
    emergency: UUID
    end: EmergencyEnd
    reason: OptionalText = None


class EmergencyLinked(Event):
    """The report that was opened for an emergency that named no case (A.5.26)."""

    kind: ClassVar[EntryKind] = EntryKind.EMERGENCY_LINKED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.26")
    emergency: UUID
    incident: Text


class RequirementOwed(RequestEvent):
    """A requirement was skipped in an emergency and is due now. With an environment: at a deployment there."""

    kind: ClassVar[EntryKind] = EntryKind.REQUIREMENT_OWED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.36")
    owed: UUID
    requirement: Requirement
    commit: CommitSha
    environment: OptionalText = None


class RequirementSettled(Event):
    """A skipped requirement was made up for, or the risk of leaving it undone was accepted (A.5.36)."""

    kind: ClassVar[EntryKind] = EntryKind.REQUIREMENT_SETTLED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.36", "A.5.3")
    owed: UUID
    settlement: Settlement
    note: Text


class RetrospectiveDemanded(Event):
    """What happened has to be reviewed until `due`; the ISB is told where it is not by `escalate_at` (A.5.27)."""

    kind: ClassVar[EntryKind] = EntryKind.RETROSPECTIVE_DEMANDED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.27")
    review: UUID
    due: datetime
    escalate_at: datetime


class RetrospectiveEscalated(Event):
    """A retrospective review is late, and somebody was reminded."""

    kind: ClassVar[EntryKind] = EntryKind.RETROSPECTIVE_ESCALATED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.27")
    review: UUID
    to: Escalation


class RetrospectiveHeld(Event):
    """Somebody other than those who acted reviewed what happened, and whether it was justified (A.5.3, A.5.27)."""

    kind: ClassVar[EntryKind] = EntryKind.RETROSPECTIVE_HELD
    controls: ClassVar[tuple[str, ...]] = ("A.8.32", "A.5.27", "A.5.3")
    review: UUID
    justified: bool
    account: Text
    prevention: Text
    follow_up: OptionalText = None


class FindingCleared(RequestEvent):
    """A commit that was found on an enforced branch is the merge of this request, as the forge told later.

    `review_over`: nothing is left that the open retrospective review is about.
    """

    kind: ClassVar[EntryKind] = EntryKind.FINDING_CLEARED
    controls: ClassVar[tuple[str, ...]] = ("A.8.32",)
    finding: UUID
    review_over: bool


EMERGENCY_EVENTS: tuple[type[Event], ...] = (
    EmergencyOpened,
    EmergencyConfirmed,
    EmergencyEnded,
    EmergencyLinked,
    RequirementOwed,
    RequirementSettled,
    RetrospectiveDemanded,
    RetrospectiveEscalated,
    RetrospectiveHeld,
    FindingCleared,
)
"""Every event of this module."""
