"""Tasks and corrective actions that somebody else takes over: whoever had them may have left (A.6.5, 10.2)."""

from config.policy.ids import CaseRole
from workflows.actors import Person
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.correctives import find
from workflows.incident.items import Corrective, Task
from workflows.incident.situation import Proposal
from workflows.incident.task_commands import GiveCorrective, GiveTask
from workflows.incident.task_events import CorrectiveGiven, TaskGiven
from workflows.incident.terms import CorrectiveState
from workflows.incident.work import find_task, works_or_owns

Reasons = tuple[Reason, ...]


def give_task(proposal: Proposal, command: GiveTask) -> Reasons:
    """By who works on the case, or has the task; as long as it is to be done."""
    task = find_task(proposal, command.no)
    problems = (task,) if isinstance(task, Reason) else _problems(proposal, "task", task, command.owner)
    owner = proposal.situation.of(command.owner)
    if not problems and owner is not None:
        proposal.add(TaskGiven(no=command.no, owner=owner))
    return problems


def give_corrective(proposal: Proposal, command: GiveCorrective) -> Reasons:
    """The same. One that is done stays with whoever did it: they do not check themselves."""
    action = find(proposal, command.no, CorrectiveState.OPEN)
    problems = (action,) if isinstance(action, Reason) else _problems(proposal, "corrective", action, command.owner)
    owner = proposal.situation.of(command.owner)
    if not problems and owner is not None:
        proposal.add(CorrectiveGiven(no=command.no, owner=owner))
    return problems


def _problems(proposal: Proposal, subject: str, item: Task | Corrective, person: Person) -> Reasons:
    situation = proposal.situation
    if not works_or_owns(situation, item.owner):
        return (Reason(Code.NOT_YOURS, subject, found=str(item.no), who=(CaseRole.OWNER.value, CaseRole.LEAD.value)),)
    return (Reason(Code.ALREADY, "owner", found=str(item.no)),) if situation.of(person) == item.owner else ()
