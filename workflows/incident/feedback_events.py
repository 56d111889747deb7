"""What people say about how a case went, when it is over or in review."""

from typing import ClassVar, Final

from workflows import controls as iso
from workflows.events import Event, Text
from workflows.ledger.kinds import EntryKind


class FeedbackGiven(Event):
    """Somebody said what was tedious about the process, and what would help (A.5.27). Nothing follows from it."""

    kind: ClassVar[EntryKind] = EntryKind.FEEDBACK_GIVEN
    controls: ClassVar[tuple[str, ...]] = iso.LEARN
    text: Text


FEEDBACK_EVENTS: Final[tuple[type[Event], ...]] = (FeedbackGiven,)
