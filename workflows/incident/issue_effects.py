"""Work that follows when a task is tied to an issue of a forge."""

from collections.abc import Iterator
from typing import Final

from workflows.events import Recorded
from workflows.incident.state import IncidentCase
from workflows.incident.task_events import TaskLinked
from workflows.workflow import Effect

ISSUE_READ: Final = "forge.issue_read"
"""Read how the issue stands that the task `no` of a case is tied to."""


def issue_reads(after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    """One read for each task that is tied; also of a case that is entered after the fact."""
    for item in recorded:
        if isinstance(item.event, TaskLinked) and item.event.repository is not None:
            mark = f"{ISSUE_READ}:{after.id}:{item.seq}"
            yield Effect(ISSUE_READ, mark, mark, {"case": str(after.id), "no": item.event.no})
