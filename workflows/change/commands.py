"""Commands of the change workflow. `case` is the number of the change (`CHG-2026-0117`)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.policy.ids import ChangeKind, Requirement, Risk
from workflows.actors import Person
from workflows.change.codes import LinkSource, RiskFactor, WaiverScope
from workflows.change.seen import Forge, RequestKey
from workflows.commands import Command
from workflows.exported import ExportForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCommand(Command):
    """Root of the commands of this workflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers(ChangeCommand):
    """What a plan says. None: not answered. `security` is the requirement, or "none" with the reason (A.8.26).

    `factors` are those that apply; an empty tuple answers "none of them".
    """

    description: str | None = None
    affected: tuple[str, ...] | None = None
    security: str | None = None
    rollback: str | None = None
    factors: tuple[RiskFactor, ...] | None = None
    incidents: tuple[str, ...] | None = None
    owner: Person | None = None

    def persons(self) -> tuple[Person, ...]:
        """The owner."""
        return (self.owner,) if self.owner else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Answers):
    """Open a change; `case` stays empty. The actor is its requester."""

    title: str
    kind: ChangeKind = ChangeKind.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFromRequest(ChangeCommand):
    """Open a change for a request that names none, and link it. The requester is the author, unless that is a bot.

    Title and kind come from the facts: a bot that the policy lists gets a standard change.
    """

    request: RequestKey
    author: Person | None = None

    def persons(self) -> tuple[Person, ...]:
        """The author."""
        return (self.author,) if self.author else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend(Answers):
    """Give or alter answers; None leaves one as it is."""

    title: str | None = None
    kind: ChangeKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRisk(ChangeCommand):
    """Override the derived risk, with the reason."""

    risk: Risk
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePlan(ChangeCommand):
    """Approve the plan as it stands; lifts the actor's own objection."""

    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPlan(ChangeCommand):
    """Object to the plan."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequest(ChangeCommand):
    """Put a request under this change. `repository` is its name; `link` is COMMAND when a person asks for it."""

    request: RequestKey
    repository: str
    link: LinkSource = LinkSource.COMMAND
    author: Person | None = None

    def persons(self) -> tuple[Person, ...]:
        """The author."""
        return (self.author,) if self.author else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkRequest(ChangeCommand):
    """Take a request out of this change."""

    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate(ChangeCommand):
    """Judge the change anew on the stored facts. `request` is the one that gave cause; all of the change are judged.

    `carries` are numbers of other changes that its commit trailers name (`linking.carried`): the service loads them.
    """

    request: RequestKey | None = None
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDeploy(ChangeCommand):
    """Approve the deployment of the merged commits to an environment."""

    environment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDeploy(ChangeCommand):
    """Ask those who may for their approval of deploying the merged commits to an environment."""

    environment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeployment(ChangeCommand):
    """Record by hand that the merged commits were deployed to an environment, where the forge does not tell.

    `commit`: what was deployed, where that is a later commit which contains them; `request`: only that one.
    """

    environment: str
    succeeded: bool = True
    commit: str | None = None
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRollback(ChangeCommand):
    """Record by hand that an environment went back to a commit from before this change."""

    environment: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSuccessor(ChangeCommand):
    """Name the change that takes the place of this one, which was rolled back."""

    successor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDeploy(ChangeCommand):
    """A pipeline asks whether it may deploy `commit`, which contains the merge commit of `request`."""

    request: RequestKey
    environment: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOffline(ChangeCommand):
    """A pipeline reports afterwards that it let a deployment through while the gate could not be asked.

    `at` is when, by the pipeline's clock; `notice` is the id of its report, which counts once.
    """

    request: RequestKey
    environment: str
    commit: str
    notice: UUID
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWaiver(ChangeCommand):
    """Ask to do without a requirement until `expires`. For a repository: that of the change's first request."""

    requirement: Requirement
    scope: WaiverScope = WaiverScope.CHANGE
    reason: str
    measure: str
    owner: Person
    expires: datetime

    def persons(self) -> tuple[Person, ...]:
        """The owner."""
        return (self.owner,)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantWaiver(ChangeCommand):
    """Grant a waiver that somebody else asked for: by id, or the open one for this requirement."""

    waiver: UUID | None = None
    requirement: Requirement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWaiver(ChangeCommand):
    """End a waiver before its time, or record that its time is over (by the timer)."""

    waiver: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(ChangeCommand):
    """Give the change up before it is merged."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnforceGate(ChangeCommand):
    """Let the gate of a repository hold from now on. Opens a change record of its own; `case` stays empty."""

    forge: Forge
    repository_id: str
    repository: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObserveGate(ChangeCommand):
    """Let the gate of a repository only observe from now on. Opens a change record of its own; `case` stays empty."""

    forge: Forge
    repository_id: str
    repository: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChange(ChangeCommand):
    """Get the change out of here, for a purpose (A.5.33). What leaves, leaves after this is recorded."""

    form: ExportForm
    purpose: str = ""
