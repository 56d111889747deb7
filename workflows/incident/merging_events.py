"""Events about reports that tell of the same thing."""

from typing import ClassVar, Final
from uuid import UUID

from workflows import controls as iso
from workflows.events import Event, OptionalText
from workflows.ledger.kinds import EntryKind

Controls = tuple[str, ...]


class DuplicateJoined(Event):
    """Another report was dismissed as a duplicate of this case, or is one no more. Both logs stay (A.5.25, A.5.28).

    `number` only where everybody who may see this case may know of the other one.
    """

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_DUPLICATE
    controls: ClassVar[Controls] = (*iso.ASSESS, *iso.EVIDENCE)
    other: UUID
    number: OptionalText = None
    removed: bool = False


MERGING_EVENTS: Final[tuple[type[Event], ...]] = (DuplicateJoined,)
