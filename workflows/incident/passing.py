"""Tasks and corrective actions that somebody else takes over: whoever had them may have left (A.6.5, 10.2)."""

from config.policy.ids import CaseRole
from workflows.actors import Person
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.items import Corrective, Task
from workflows.incident.situation import Proposal
from workflows.incident.task_commands import GiveCorrective, GiveTask
from workflows.incident.task_events import CorrectiveGiven, TaskGiven
from workflows.incident.terms import CorrectiveState
from workflows.incident.work import works_or_owns

Reasons = tuple[Reason, ...]


def give_task(proposal: Proposal, command: GiveTask) -> Reasons:
    """By who works on the case, or has the task; as long as it is to be done."""
    task = next((one for one in proposal.case.tasks if one.no == command.no), None)
    is_open = task in proposal.case.open_tasks
    problems = _problems(proposal, "task", task if is_open else None, command.no, command.owner)
    owner = proposal.situation.of(command.owner)
    if not problems and owner is not None:
        proposal.add(TaskGiven(no=command.no, owner=owner))
    return problems


def give_corrective(proposal: Proposal, command: GiveCorrective) -> Reasons:
    """The same. One that is done stays with whoever did it: they do not check themselves."""
    action = next((one for one in proposal.case.correctives if one.no == command.no), None)
    is_open = action is not None and action.state is CorrectiveState.OPEN
    problems = _problems(proposal, "corrective", action if is_open else None, command.no, command.owner)
    owner = proposal.situation.of(command.owner)
    if not problems and owner is not None:
        proposal.add(CorrectiveGiven(no=command.no, owner=owner))
    return problems


def _problems(proposal: Proposal, subject: str, item: Task | Corrective | None, no: int, person: Person) -> Reasons:
    situation = proposal.situation
    if item is None:
        return (Reason(Code.UNKNOWN_ITEM, subject, found=str(no)),)
    if not works_or_owns(situation, item.owner):
        return (Reason(Code.NOT_YOURS, subject, found=str(no), who=(CaseRole.OWNER.value, CaseRole.LEAD.value)),)
    return (Reason(Code.ALREADY, "owner", found=str(no)),) if situation.of(person) == item.owner else ()
