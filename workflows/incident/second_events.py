"""The event of a step for which only the second person is missing."""

from typing import ClassVar, Final

from workflows import controls as iso
from workflows.events import Event
from workflows.incident.terms import State
from workflows.ledger.kinds import EntryKind

Controls = tuple[str, ...]


class SecondAsked(Event):
    """Everything for this move is on record but the second person (A.5.3): whoever can be one is asked, once."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_SECOND_ASKED
    controls: ClassVar[Controls] = iso.ROLES
    to: State


SECOND_EVENTS: Final[tuple[type[Event], ...]] = (SecondAsked,)
