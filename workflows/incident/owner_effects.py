"""Work that follows when a service owner is asked, or answers in person."""

from collections.abc import Iterator
from typing import Final

from config.policy.ids import Criterion
from workflows.events import Recorded
from workflows.incident.events import Answered, Moved
from workflows.incident.owner_events import OwnerAsked
from workflows.incident.state import IncidentCase
from workflows.workflow import Effect

ASK_OWNER: Final = "slack.owner"
"""Ask a service owner whether they agree."""


def owner_asked(after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    """One message for each question."""
    for item in recorded:
        if isinstance(item.event, OwnerAsked):
            mark = f"{ASK_OWNER}:{after.id}:{item.seq}"
            yield Effect(ASK_OWNER, mark, mark, {"case": str(after.id), "seq": item.seq})


def agrees_in_person(item: Recorded) -> bool:
    """Whether a service owner says themselves that they agree."""
    event = item.event
    if not isinstance(event, Answered) or event.criterion is not Criterion.SERVICE_OWNER_AGREES:
        return False
    return item.by is not None and event.person == item.by


def is_awaited(item: Recorded, among: tuple[Recorded, ...]) -> bool:
    """The same, where people wait for it: no step was made along with it, which would say so."""
    return agrees_in_person(item) and not any(isinstance(one.event, Moved) for one in among)
