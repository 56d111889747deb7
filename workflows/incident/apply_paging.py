"""Folding who was called, and who could not."""

from collections.abc import Callable
from typing import Any, Final

from workflows.events import Event, Recorded
from workflows.incident import paging_events as ev
from workflows.incident.changes import Changes
from workflows.incident.items import PageItem
from workflows.incident.state import IncidentCase


def paged(case: IncidentCase, event: ev.Paged, recorded: Recorded) -> Changes:
    """Called."""
    return {"pages": (*case.pages, PageItem(step=event.step, person=event.person, at=recorded.at))}


def page_declined(case: IncidentCase, _event: ev.PageDeclined, recorded: Recorded) -> Changes:
    """Cannot."""
    pages = (
        one.model_copy(update={"declined_at": recorded.at}) if one in case.called and one.person == recorded.by else one
        for one in case.pages
    )
    return {"pages": tuple(pages)}


def unanswered(_case: IncidentCase, _event: ev.Unanswered, recorded: Recorded) -> Changes:
    """All calls were in vain."""
    return {"unanswered": recorded.at}


PAGING_FOLDS: Final[dict[type[Event], Callable[[IncidentCase, Any, Recorded], Changes]]] = {
    ev.Paged: paged,
    ev.PageDeclined: page_declined,
    ev.Unanswered: unanswered,
}
