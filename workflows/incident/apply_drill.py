"""Folding drills by a scenario: which one, and what came to light so far."""

from collections.abc import Callable
from typing import Any, Final

from workflows.events import Event, Recorded
from workflows.incident import drill_events as ev
from workflows.incident.changes import Changes
from workflows.incident.evidence_terms import NoteKind
from workflows.incident.items import NoteItem
from workflows.incident.state import IncidentCase


def drill_started(_case: IncidentCase, event: ev.DrillStarted, _recorded: Recorded) -> Changes:
    """By its id in the policy."""
    return {"scenario": event.scenario}


def injected(case: IncidentCase, event: ev.Injected, recorded: Recorded) -> Changes:
    """On the timeline, marked."""
    note = NoteItem(seq=recorded.seq, kind=NoteKind.INJECT, text=event.text, occurred_at=recorded.when, at=recorded.at)
    return {"notes": (*case.notes, note), "injected": event.no + 1}


DRILL_FOLDS: Final[dict[type[Event], Callable[[IncidentCase, Any, Recorded], Changes]]] = {
    ev.DrillStarted: drill_started,
    ev.Injected: injected,
}
