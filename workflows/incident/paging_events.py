"""Events about calling people to a report."""

from typing import ClassVar, Final

from workflows import controls as iso
from workflows.actors import Pseudonym
from workflows.events import Event, OptionalText
from workflows.ledger.kinds import EntryKind

Controls = tuple[str, ...]


class Paged(Event):
    """Somebody was called, by a step of the ladder (from 0)."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_PAGED
    controls: ClassVar[Controls] = iso.RESPOND
    step: int
    person: Pseudonym


class PageDeclined(Event):
    """Who was called cannot look after it."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_PAGE_DECLINED
    controls: ClassVar[Controls] = iso.RESPOND
    reason: OptionalText = None


PAGING_EVENTS: Final[tuple[type[Event], ...]] = (Paged, PageDeclined)
