"""Folding which issue a task follows, what became of it there, and who has it from now on."""

from collections.abc import Callable
from typing import Any, Final

from workflows.actors import Source
from workflows.events import Event, Recorded
from workflows.incident import task_events as ev
from workflows.incident.changes import Changes, numbered, replaced
from workflows.incident.items import TaskIssue
from workflows.incident.state import IncidentCase
from workflows.incident.terms import IssueState

_FORGES: Final = (Source.GITHUB, Source.GITLAB)


def task_linked(case: IncidentCase, event: ev.TaskLinked, _recorded: Recorded) -> Changes:
    """Follows it from now on."""
    issue = None
    if event.repository is not None and event.number is not None:
        issue = TaskIssue(repository=event.repository, number=event.number, address=event.address, source=event.forge)
    return {"tasks": replaced(case.tasks, where=numbered(event.no), issue=issue)}


def task_followed(case: IncidentCase, event: ev.TaskFollowed, recorded: Recorded) -> Changes:
    """Done, or open again. From the first telling on it is known at which forge the issue is."""
    followed = next((task.issue for task in case.tasks if task.no == event.no), None)
    if followed is not None and recorded.source in _FORGES:
        followed = followed.model_copy(update={"source": recorded.source})
    done_at = recorded.when if event.state is IssueState.CLOSED else None
    changed = {"issue": followed, "done_at": done_at, "done_by": None, "result": None}
    return {"tasks": replaced(case.tasks, where=numbered(event.no), **changed)}


def task_given(case: IncidentCase, event: ev.TaskGiven, _recorded: Recorded) -> Changes:
    """With somebody else."""
    return {"tasks": replaced(case.tasks, where=numbered(event.no), owner=event.owner)}


def corrective_given(case: IncidentCase, event: ev.CorrectiveGiven, _recorded: Recorded) -> Changes:
    """With somebody else."""
    return {"correctives": replaced(case.correctives, where=numbered(event.no), owner=event.owner)}


TASK_FOLDS: Final[dict[type[Event], Callable[[IncidentCase, Any, Recorded], Changes]]] = {
    ev.TaskLinked: task_linked,
    ev.TaskFollowed: task_followed,
    ev.TaskGiven: task_given,
    ev.CorrectiveGiven: corrective_given,
}
