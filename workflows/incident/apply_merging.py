"""Folding which other reports are duplicates of a case."""

from collections.abc import Callable
from typing import Any, Final

from workflows.events import Event, Recorded
from workflows.incident.changes import Changes
from workflows.incident.items import Duplicate
from workflows.incident.merging_events import DuplicateJoined
from workflows.incident.state import IncidentCase


def joined(case: IncidentCase, event: DuplicateJoined, _recorded: Recorded) -> Changes:
    """Kept by its id; what it holds is read from its own log."""
    kept = tuple(one for one in case.duplicates if one.id != event.other)
    added = () if event.removed else (Duplicate(id=event.other, number=event.number),)
    return {"duplicates": (*kept, *added)}


MERGING_FOLDS: Final[dict[type[Event], Callable[[IncidentCase, Any, Recorded], Changes]]] = {DuplicateJoined: joined}
