"""Folding offers of the lead."""

from collections.abc import Callable
from typing import Any, Final

from workflows.events import Event, Recorded
from workflows.incident import handover_events as ev
from workflows.incident.changes import Changes
from workflows.incident.items import HandoverItem
from workflows.incident.state import IncidentCase

NO_HANDOVER: Final[Changes] = {"handover": None, "handover_due": None}
"""No offer stands: it was answered, or somebody got the lead another way, or the case is over."""


def offered(case: IncidentCase, event: ev.HandoverOffered, recorded: Recorded) -> Changes:
    """Offered, by who leads."""
    giver = recorded.by or case.lead
    if giver is None:
        return {}
    item = HandoverItem(
        person=event.person,
        giver=giver,
        stands=event.stands,
        next_step=event.next_step,
        at=recorded.at,
        named=event.named,
    )
    return {"handover": item}


def ended(_case: IncidentCase, _event: ev.HandoverAccepted | ev.HandoverDeclined, _recorded: Recorded) -> Changes:
    """Answered."""
    return NO_HANDOVER


HANDOVER_FOLDS: Final[dict[type[Event], Callable[[IncidentCase, Any, Recorded], Changes]]] = {
    ev.HandoverOffered: offered,
    ev.HandoverAccepted: ended,
    ev.HandoverDeclined: ended,
}
