"""Folding what was given out of a case."""

from collections.abc import Callable
from typing import Any, Final

from workflows.events import Event, Recorded
from workflows.exported import CaseExported, item_of
from workflows.incident.changes import Changes
from workflows.incident.state import IncidentCase


def exported(case: IncidentCase, event: CaseExported, recorded: Recorded) -> Changes:
    """Kept beside what happened; where the case stands does not change by it."""
    return {"exports": (*case.exports, item_of(event, recorded))}


EXPORT_FOLDS: Final[dict[type[Event], Callable[[IncidentCase, Any, Recorded], Changes]]] = {CaseExported: exported}
