"""The change workflow as the service sees it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from config.policy.ids import CaseRole, Role, Visibility
from workflows.actors import Actor, Pseudonym
from workflows.change import commands as cmd
from workflows.change import emergency_commands as glass
from workflows.change.apply import apply
from workflows.change.decide import decide
from workflows.change.effects import effects
from workflows.change.events import EVENTS
from workflows.change.snapshot import Snapshot, read_snapshot
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.context import Context
from workflows.decisions import Cast, Decision
from workflows.events import Event, Recorded, plain
from workflows.ledger.kinds import EntryKind
from workflows.workflow import Effect, FactsPort, Index, Opening

_EVERYBODY: Final[frozenset[Role | CaseRole]] = frozenset({Role.ENGINEER})
_OVERSIGHT: Final[frozenset[Role | CaseRole]] = frozenset({Role.ISB, Role.DEPUTY})
_OWNERS: Final[frozenset[Role | CaseRole]] = frozenset({CaseRole.REQUESTER, CaseRole.OWNER})

ACCESS: Final[Mapping[type[Command], frozenset[Role | CaseRole]]] = MappingProxyType(
    {
        cmd.Plan: _EVERYBODY,
        cmd.PlanFromRequest: _EVERYBODY,
        cmd.Amend: _EVERYBODY,
        cmd.SetRisk: _EVERYBODY,
        cmd.ApprovePlan: _EVERYBODY,
        cmd.ObjectPlan: _EVERYBODY,
        cmd.LinkRequest: _EVERYBODY,
        cmd.UnlinkRequest: _EVERYBODY,
        cmd.AskDeploy: _EVERYBODY,
        cmd.ApproveDeploy: _EVERYBODY,
        cmd.RequestWaiver: _EVERYBODY,
        cmd.GrantWaiver: _EVERYBODY,
        cmd.EndWaiver: _OVERSIGHT | _OWNERS | {Role.RISK_OWNER},
        cmd.Cancel: _OVERSIGHT | _OWNERS | {Role.RELEASE_MANAGER},
        cmd.RecordDeployment: _OVERSIGHT | {Role.RELEASE_MANAGER, Role.SERVICE_OWNER},
        cmd.RecordRollback: _OVERSIGHT | _OWNERS | {Role.RELEASE_MANAGER, Role.SERVICE_OWNER},
        cmd.NameSuccessor: _EVERYBODY,
        cmd.EnforceGate: _OVERSIGHT | {Role.MANAGEMENT},
        cmd.ObserveGate: _OVERSIGHT | {Role.MANAGEMENT},
        cmd.ExportChange: _EVERYBODY,
        cmd.Evaluate: frozenset(),
        cmd.CheckDeploy: frozenset(),
        cmd.RecordOffline: frozenset(),
        glass.BreakGlass: _EVERYBODY,
        glass.ConfirmEmergency: _EVERYBODY,
        glass.EndEmergency: _EVERYBODY,
        glass.HoldReview: _EVERYBODY,
        glass.SettleOwed: _EVERYBODY,
        glass.LinkEmergency: frozenset(),
        glass.EscalateReview: frozenset(),
        glass.RecordBypass: frozenset(),
        glass.ClearFinding: frozenset(),
    }
)
"""Who may give which command. Approvals, grants and emergencies further ask for the roles that the policy names.

Nobody may ask for `Evaluate` and the like: they come from the forge's facts and the timers; `CheckDeploy` and
`RecordOffline` come from a pipeline with its token.
"""

_OPENING: Final = (cmd.Plan, cmd.PlanFromRequest, cmd.EnforceGate, cmd.ObserveGate)


class ChangeWorkflow:
    """Plan → dev → review → test → deploy (A.8.32), as a `workflows.workflow.Workflow`."""

    name = "change"
    events: Mapping[EntryKind, type[Event]] = MappingProxyType({event.kind: event for event in EVENTS})
    access = ACCESS
    case_type = ChangeCase

    def opens(self, command: Command) -> Opening | None:
        """Changes take their number from the series CHG; a bypass needs one where no change knows the commit."""
        unknown = isinstance(command, glass.RecordBypass) and not command.case
        return Opening("CHG") if isinstance(command, _OPENING) or unknown else None

    def needs(self, case: ChangeCase | None, command: Command) -> tuple[str, ...]:
        """The changes that a request carries along; the case that an emergency belongs to."""
        if isinstance(command, glass.BreakGlass):
            return (command.incident,) if command.incident else ()
        if isinstance(command, cmd.NameSuccessor):
            return (command.successor,)
        if not isinstance(command, cmd.Evaluate):
            return ()
        own = case.number if case else ""
        return tuple(dict.fromkeys(number for number in command.carries if number != own))

    def read_facts(self, case: ChangeCase | None, command: Command, facts: FactsPort) -> Snapshot:
        """What the forges told about the requests of the change."""
        return read_snapshot(case, command, facts)

    def decide(self, case: ChangeCase, command: Command, actor: Actor, cast: Cast, context: Context) -> Decision:
        """The rules."""
        return decide(case, command, actor, cast, context)

    def blank(self, case_id: UUID, number: str, at: datetime) -> ChangeCase:
        """A change before its first entry."""
        return ChangeCase(id=case_id, number=number, opened_at=at)

    def apply(self, case: ChangeCase, recorded: Recorded) -> ChangeCase:
        """The change after one more entry."""
        return apply(case, recorded)

    def numbered(self, case: ChangeCase, event: Event, draw: Callable[[str], str]) -> Event:
        """Nothing of a change has a number of its own."""
        return event

    def roles_in(self, case: ChangeCase, pseudonym: Pseudonym) -> frozenset[CaseRole]:
        """Requester and owner."""
        held = {CaseRole.REQUESTER: case.requester, CaseRole.OWNER: case.owner}
        return frozenset(role for role, who in held.items() if who is not None and who == pseudonym)

    def index(self, case: ChangeCase) -> Index:
        """The query columns; a change is open to the team."""
        names = dict.fromkeys(plain(request.repository) for request in case.requests)
        search = " ".join((case.number, plain(case.title), *names)).casefold()
        risk = case.risk.value if case.risk else ""
        return Index(case.state, case.kind.value, risk, Visibility.TEAM.value, search)

    def effects(
        self, before: ChangeCase, after: ChangeCase, recorded: tuple[Recorded, ...], version: int
    ) -> tuple[Effect, ...]:
        """What has to follow the commit."""
        return effects(before, after, recorded, version)


WORKFLOW: Final = ChangeWorkflow()
