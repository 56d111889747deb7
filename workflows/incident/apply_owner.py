"""Folding the question to a service owner."""

from collections.abc import Callable
from typing import Any, Final

from workflows.events import Event, Recorded
from workflows.incident import owner_events as ev
from workflows.incident.changes import Changes
from workflows.incident.items import OwnerItem
from workflows.incident.state import IncidentCase

NO_QUESTION: Final[Changes] = {"owner_asked": None, "owner_due": None}
"""Nobody is asked: it was answered, or what it was about holds no more."""


def asked(_case: IncidentCase, event: ev.OwnerAsked, recorded: Recorded) -> Changes:
    """Asked; there is one question at a time."""
    return {"owner_asked": OwnerItem(person=event.person, at=recorded.at, by=recorded.by, named=event.named)}


def hesitates(case: IncidentCase, event: ev.OwnerHesitates, recorded: Recorded) -> Changes:
    """Not yet. Nobody is reminded of what was answered."""
    if case.owner_asked is None:
        return {}
    said = {"not_yet": event.reason, "not_yet_at": recorded.at}
    return {"owner_asked": case.owner_asked.model_copy(update=said), "owner_due": None}


OWNER_FOLDS: Final[dict[type[Event], Callable[[IncidentCase, Any, Recorded], Changes]]] = {
    ev.OwnerAsked: asked,
    ev.OwnerHesitates: hesitates,
}
