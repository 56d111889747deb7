"""Commands of the emergency way (break-glass), of retrospective reviews, and of bypasses found afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.policy.ids import Requirement
from workflows.actors import Person
from workflows.change.codes import Finding, Settlement
from workflows.change.commands import ChangeCommand
from workflows.change.seen import Forge, RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass(ChangeCommand):
    """Let the present head of a request through as an emergency: to the merge, and to every environment.

    `request` None: the only one of the change. `incident` is the number of the case of any kind that it belongs to;
    empty: a report is opened for it.
    """

    reason: str
    incident: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmEmergency(ChangeCommand):
    """Agree to an emergency as the second person: by id, or the last one that waits for it."""

    emergency: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEmergency(ChangeCommand):
    """Let the commit no longer through, with the reason; or, by the timer, because no second person agreed in time."""

    emergency: UUID | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEmergency(ChangeCommand):
    """Name the report that was opened for an emergency (by the machine alone)."""

    emergency: UUID
    incident: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReview(ChangeCommand):
    """Record the retrospective review: what happened, whether it was justified, what would have prevented it."""

    account: str
    justified: bool
    prevention: str
    follow_up: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleOwed(ChangeCommand):
    """Settle a skipped requirement, wherever it is due: it was made up for, or its risk is accepted."""

    requirement: Requirement
    settlement: Settlement
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateReview(ChangeCommand):
    """Remind of a retrospective review that is late (by the timer alone)."""

    review: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBypass(ChangeCommand):
    """Record what went past an enforced gate (by the machine alone). `case` empty: no change knows the commit.

    `by` is who did it, as far as the forge says; `pushed_at` when.
    """

    found: Finding
    forge: Forge
    repository_id: str
    repository: str
    commit: str
    branch: str = ""
    environment: str = ""
    deployment: str | None = None
    by: Person | None = None
    pushed_at: datetime | None = None

    def persons(self) -> tuple[Person, ...]:
        """Who did it."""
        return (self.by,) if self.by else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearFinding(ChangeCommand):
    """Take back what was found about a commit: it is the merge of this request (by the machine alone)."""

    commit: str
    request: RequestKey
    repository: str
