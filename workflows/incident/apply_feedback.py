"""Folding feedback: it stands on the timeline, marked."""

from collections.abc import Callable
from typing import Any, Final

from workflows.events import Event, Recorded
from workflows.incident.apply_evidence import note_item
from workflows.incident.changes import Changes
from workflows.incident.evidence_terms import NoteKind
from workflows.incident.feedback_events import FeedbackGiven
from workflows.incident.state import IncidentCase


def given(case: IncidentCase, event: FeedbackGiven, recorded: Recorded) -> Changes:
    """As a note of its own kind; nothing else of the case changes."""
    return {"notes": (*case.notes, note_item(NoteKind.FEEDBACK, recorded, event.text))}


FEEDBACK_FOLDS: Final[dict[type[Event], Callable[[IncidentCase, Any, Recorded], Changes]]] = {FeedbackGiven: given}
