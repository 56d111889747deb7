"""The emergency way as a change remembers it: which commit is let through, what is due for it, and its review."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from config.policy.ids import Requirement
from workflows.actors import Pseudonym
from workflows.change.codes import EmergencyEnd, Escalation, Settlement
from workflows.change.piece import Piece
from workflows.events import Erased


class Emergency(Piece):
    """A commit let through as an emergency: for `request` (its key) at `head`, and at no other commit."""

    id: UUID
    request: str
    head: str
    reason: str | Erased
    by: Pseudonym
    at: datetime
    alone: bool
    second_due: datetime
    incident: str | Erased | None = None
    second: Pseudonym | None = None
    second_at: datetime | None = None
    ended_at: datetime | None = None
    end: EmergencyEnd | None = None

    @property
    def opened_at(self) -> datetime | None:
        """Since when the commit is let through; None while a second person has still to agree."""
        return self.at if self.alone else self.second_at

    def waits(self, at: datetime) -> bool:
        """Whether a second person can still agree."""
        return self.second_at is None and self.ended_at is None and at < self.second_due

    def counts(self, at: datetime) -> bool:
        """Whether it lets its commit through at this moment. Without a second person it shuts when their time is up."""
        opened = self.opened_at
        if opened is None or at < opened or (self.ended_at is not None and at >= self.ended_at):
            return False
        return (self.second_at is not None and at >= self.second_at) or at < self.second_due


class Owed(Piece):
    """A requirement that was skipped in an emergency; settled once it has a settlement."""

    id: UUID
    request: str
    requirement: Requirement
    commit: str
    environment: str | Erased | None
    at: datetime
    settlement: Settlement | None = None
    note: str | Erased | None = None
    settled_by: Pseudonym | None = None
    settled_at: datetime | None = None


class Retrospective(Piece):
    """A retrospective review: owed since `at`, until `due`. `over_at`: its occasion turned out to be none."""

    id: UUID
    at: datetime
    due: datetime
    escalate_at: datetime
    escalated: tuple[Escalation, ...] = ()
    held_by: Pseudonym | None = None
    held_at: datetime | None = None
    justified: bool | None = None
    account: str | Erased | None = None
    prevention: str | Erased | None = None
    follow_up: str | Erased | None = None
    over_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it has still to be held."""
        return self.held_at is None and self.over_at is None


def covering(emergencies: Iterable[Emergency], request: str, head: str, at: datetime) -> Emergency | None:
    """The emergency that lets this head of this request through at this moment."""
    fitting = (item for item in emergencies if (item.request, item.head) == (request, head) and item.counts(at))
    return next(fitting, None)
