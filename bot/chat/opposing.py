"""Which steps of others decide the same matter as a command: carried out unseen, it would undo or contradict them.

What only adds (a note, a task, an action, evidence, another person) opposes nothing.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from config.policy.ids import CaseRole
from workflows.actors import Person
from workflows.change import commands as ch
from workflows.change import emergency_commands as glass
from workflows.change.emergency_events import EmergencyOpened, RequirementOwed
from workflows.change.events import ChangeAmended, RiskSet, SuccessorNamed
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.events import Event, plain
from workflows.incident import commands as c
from workflows.incident import events as e
from workflows.incident.handover_commands import DeclineHandover
from workflows.incident.handover_events import HandoverOffered
from workflows.incident.items import Corrective, Task
from workflows.incident.moves import ways_back
from workflows.incident.owner_commands import AskOwner
from workflows.incident.owner_events import OwnerAsked
from workflows.incident.state import IncidentCase
from workflows.incident.task_commands import GiveCorrective, GiveTask, LinkTask
from workflows.incident.task_events import CorrectiveGiven, TaskGiven, TaskLinked
from workflows.incident.terms import Kind, OverrideState
from workflows.workflow import Case

Opposes = Callable[[Any, Any, Event], bool]
"""The case as it now stands, the command, and what somebody else did."""


def opposes(case: Case, command: Command, event: Event) -> bool:
    """Whether the command would undo or contradict what this entry decided, as the case now stands."""
    found = _BY_COMMAND.get(type(command))
    return found is not None and found(case, command, event)


def may_oppose(command: Command) -> bool:
    """Whether there is anything that such a command could undo. A note does only where it corrects an entry."""
    if isinstance(command, c.Note) and command.corrects is None:
        return False
    return type(command) in _BY_COMMAND


def _severity(case: IncidentCase, command: c.SetSeverity | c.Assess, event: Event) -> bool:
    sets = isinstance(event, e.SeveritySet) or (isinstance(event, e.Assessed) and event.severity is not None)
    return sets and command.severity not in (None, case.severity)


def _assessment(case: IncidentCase, command: c.Assess, event: Event) -> bool:
    """Its other answers stand beside each other in the form, and are compared there."""
    return _severity(case, command, event) or (command.lead is not None and _lead(case, command.lead, event))


def _lead(case: IncidentCase, person: Person, event: Event) -> bool:
    given = isinstance(event, e.RoleAssigned) and event.case_role is CaseRole.LEAD and not event.removed
    return given and case.lead not in (None, case.pseudonym_of(person.id))


def _role(case: IncidentCase, command: c.AssignRole, event: Event) -> bool:
    """There is one lead; of the other roles only what somebody did with the same person is contradicted."""
    person = case.pseudonym_of(command.person.id)
    if not isinstance(event, e.RoleAssigned) or event.case_role is not command.role:
        return False
    if (person in case.holders(command.role)) is not command.remove:
        return False
    replaces = command.role is CaseRole.LEAD and not command.remove and _lead(case, command.person, event)
    return event.person == person or replaces


def _visibility(case: IncidentCase, command: c.SetVisibility, event: Event) -> bool:
    return isinstance(event, e.VisibilitySet) and command.visibility is not case.visibility


def _back(case: IncidentCase, command: c.GoBack, event: Event) -> bool:
    possible = ways_back(case.state, near_miss=case.kind is Kind.NEAR_MISS) if case.state.is_open else ()
    return isinstance(event, e.Moved) and command.to in possible


def _reopening(case: IncidentCase, _command: c.Reopen, event: Event) -> bool:
    return isinstance(event, e.Moved) and not case.state.is_open


def _override(case: IncidentCase, _command: c.GrantOverride | c.DenyOverride, event: Event) -> bool:
    """Another request stands there than the one that was read."""
    waits = any(one.state is OverrideState.REQUESTED for one in case.overrides)
    return isinstance(event, e.OverrideRequested) and waits


def _handover(case: IncidentCase, _command: DeclineHandover, event: Event) -> bool:
    """Another offer stands there than the one that was read."""
    return isinstance(event, HandoverOffered) and case.handover is not None


def _agreement(case: IncidentCase, command: AskOwner, event: Event) -> bool:
    """Another service owner was asked, and the new question would take the place of that one."""
    return isinstance(event, OwnerAsked) and event.person != case.pseudonym_of(command.person.id)


def _task_owner(case: IncidentCase, command: GiveTask, event: Event) -> bool:
    given = isinstance(event, TaskGiven) and event.no == command.no
    return given and _is_with_others(case, case.open_tasks, command)


def _corrective_owner(case: IncidentCase, command: GiveCorrective, event: Event) -> bool:
    given = isinstance(event, CorrectiveGiven) and event.no == command.no
    return given and _is_with_others(case, case.correctives, command)


def _is_with_others(
    case: IncidentCase, items: tuple[Task, ...] | tuple[Corrective, ...], command: GiveTask | GiveCorrective
) -> bool:
    person = case.pseudonym_of(command.owner.id)
    return any(one.no == command.no and one.owner != person for one in items)


def _issue(case: IncidentCase, command: LinkTask, event: Event) -> bool:
    known = next((one.issue for one in case.tasks if one.no == command.no), None)
    follows = (known.repository, known.number) if known else None
    wanted = (command.issue.repository, command.issue.number) if command.issue else None
    return isinstance(event, TaskLinked) and event.no == command.no and follows != wanted


def _corrective_done(_case: IncidentCase, command: c.FinishCorrective, event: Event) -> bool:
    """What was done was not enough, and it is open again."""
    return isinstance(event, e.CorrectiveReopened) and event.no == command.no


def _corrective_check(_case: IncidentCase, command: c.CheckCorrective, event: Event) -> bool:
    """Something else was done than what was looked at."""
    return isinstance(event, e.CorrectiveDone) and event.no == command.no


def _duty(case: IncidentCase, command: c.DecideDuty, event: Event) -> bool:
    """A decision takes the place of the last one, and of its confirmation; what opened a duty asks for another."""
    duty = case.duty(command.regime)
    decided = isinstance(event, (e.DutyDecided, e.DutyConfirmed)) and event.regime == command.regime
    opened = isinstance(event, e.DutyOpened) and event.regime == command.regime and not command.required
    return (decided or opened) and duty is not None and duty.filed_at is None


def _link(_case: IncidentCase, command: c.LinkChange, event: Event) -> bool:
    if not isinstance(event, e.CaseLinked) or event.removed is command.remove:
        return False
    return (plain(event.number), event.relation) == (command.number, command.relation)


def _correction(_case: IncidentCase, command: c.Note, event: Event) -> bool:
    return isinstance(event, e.Noted) and event.corrects == command.corrects


def _plan(case: ChangeCase, command: ch.Amend, event: Event) -> bool:
    """Its answers stand beside each other in the form, and are compared there; the owner does not."""
    given = isinstance(event, ChangeAmended) and event.owner is not None
    return given and command.owner is not None and case.owner != case.pseudonym_of(command.owner.id)


def _risk(case: ChangeCase, command: ch.SetRisk, event: Event) -> bool:
    return isinstance(event, RiskSet) and case.risk is not command.risk


def _successor(case: ChangeCase, command: ch.NameSuccessor, event: Event) -> bool:
    return isinstance(event, SuccessorNamed) and case.successor != command.successor


def _emergency(case: ChangeCase, _command: glass.EndEmergency, event: Event) -> bool:
    """Another emergency runs there than the one that was read."""
    return isinstance(event, EmergencyOpened) and any(one.ended_at is None for one in case.emergencies)


def _settlement(_case: ChangeCase, command: glass.SettleOwed, event: Event) -> bool:
    """More is due than what was read."""
    return isinstance(event, RequirementOwed) and event.requirement is command.requirement


_BY_COMMAND: Final[Mapping[type[Command], Opposes]] = MappingProxyType(
    {
        c.SetSeverity: _severity,
        c.Assess: _assessment,
        c.AssignRole: _role,
        c.SetVisibility: _visibility,
        c.GoBack: _back,
        c.Reopen: _reopening,
        c.GrantOverride: _override,
        c.DenyOverride: _override,
        DeclineHandover: _handover,
        AskOwner: _agreement,
        GiveTask: _task_owner,
        GiveCorrective: _corrective_owner,
        LinkTask: _issue,
        c.FinishCorrective: _corrective_done,
        c.CheckCorrective: _corrective_check,
        c.DecideDuty: _duty,
        c.LinkChange: _link,
        c.Note: _correction,
        ch.Amend: _plan,
        ch.SetRisk: _risk,
        ch.NameSuccessor: _successor,
        glass.EndEmergency: _emergency,
        glass.SettleOwed: _settlement,
    }
)
