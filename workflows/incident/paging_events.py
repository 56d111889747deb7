"""Events about calling people to a report."""

from typing import ClassVar, Final

from workflows import controls as iso
from workflows.actors import Pseudonym
from workflows.events import Event, OptionalText
from workflows.ledger.kinds import EntryKind

Controls = tuple[str, ...]


class Paged(Event):
    """Somebody was called, by a step of the ladder (from 0, on through its rounds)."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_PAGED
    controls: ClassVar[Controls] = iso.RESPOND
    step: int
    person: Pseudonym


class PageDeclined(Event):
    """Who was called cannot look after it."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_PAGE_DECLINED
    controls: ClassVar[Controls] = iso.RESPOND
    reason: OptionalText = None


class Unanswered(Event):
    """The calls led to nobody: all rounds of the ladder are over, or everybody on it has said that they cannot."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_UNANSWERED
    controls: ClassVar[Controls] = iso.RESPOND


PAGING_EVENTS: Final[tuple[type[Event], ...]] = (Paged, PageDeclined, Unanswered)
