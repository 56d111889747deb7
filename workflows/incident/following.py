"""Tasks that follow an issue of a forge: tied and untied by people, done and opened again by what the forge tells."""

from config.policy.ids import CaseRole
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.issues import IssueRef
from workflows.incident.items import Task, TaskIssue
from workflows.incident.situation import Proposal
from workflows.incident.task_commands import FollowIssue, LinkTask, OpenIssueTask
from workflows.incident.task_events import TaskFollowed, TaskLinked
from workflows.incident.terms import IssueState
from workflows.incident.work import open_task, works_or_owns

Reasons = tuple[Reason, ...]


def open_issue_task(proposal: Proposal, command: OpenIssueTask) -> Reasons:
    """Something to do, and the issue that it follows."""
    problems = _unusable(command.issue) or open_task(proposal, command)
    if not problems:
        proposal.add(_linked(proposal.case.tasks[-1].no, command.issue))
    return problems


def link_task(proposal: Proposal, command: LinkTask) -> Reasons:
    """By who works on the case, or owns the task."""
    task = _task(proposal, command.no)
    if task is None:
        return (Reason(Code.UNKNOWN_ITEM, "task", found=str(command.no)),)
    if not works_or_owns(proposal.situation, task.owner):
        return (Reason(Code.NOT_YOURS, "task", found=str(command.no), who=(CaseRole.OWNER.value, CaseRole.LEAD.value)),)
    if problems := _unusable(command.issue):
        return problems
    if _is_same(task.issue, command.issue):
        return (Reason(Code.ALREADY, "issue", found=str(command.no)),)
    proposal.add(_linked(command.no, command.issue))
    return ()


def follow_issue(proposal: Proposal, command: FollowIssue) -> Reasons:
    """What is so already changes nothing, and is no entry."""
    if proposal.situation.actor.person is not None:
        return (Reason(Code.MACHINE_ONLY, "task"),)
    task = _task(proposal, command.no)
    if task is None or task.issue is None:
        return (Reason(Code.UNKNOWN_ITEM, "task", found=str(command.no)),)
    if (task.done_at is not None) is (command.state is IssueState.CLOSED):
        return ()
    when = min(command.at, proposal.situation.now)
    event = TaskFollowed(no=command.no, state=command.state, address=command.address or None, by=command.by or None)
    proposal.add(event, when)
    return ()


def _task(proposal: Proposal, no: int) -> Task | None:
    return next((task for task in proposal.case.tasks if task.no == no), None)


def _unusable(issue: IssueRef | None) -> Reasons:
    if issue is None or (issue.repository and issue.number > 0):
        return ()
    return (Reason(Code.INVALID, "issue", expected="acme/shop#12", found=f"{issue.repository}#{issue.number}"),)


def _is_same(known: TaskIssue | None, issue: IssueRef | None) -> bool:
    if known is None or issue is None:
        return known is None and issue is None
    return (known.repository, known.number, known.address or "") == (issue.repository, issue.number, issue.address)


def _linked(no: int, issue: IssueRef | None) -> TaskLinked:
    if issue is None:
        return TaskLinked(no=no)
    return TaskLinked(
        no=no, repository=issue.repository, number=issue.number, address=issue.address or None, forge=issue.source
    )
