"""Events about the agreement of the service owner. The agreement itself is an answer, recorded as theirs."""

from datetime import datetime
from typing import ClassVar, Final

from workflows import controls as iso
from workflows.actors import Pseudonym
from workflows.events import Event, Text
from workflows.ledger.kinds import EntryKind

Controls = tuple[str, ...]


class OwnerAsked(Event):
    """A service owner was asked to agree. It takes the place of an earlier question. `owner_due`: asked again then.

    `named`: they were named in the case for it, the entry before.
    """

    kind: ClassVar[EntryKind] = EntryKind.OWNER_ASKED
    controls: ClassVar[Controls] = (*iso.ROLES, *iso.RESPOND)
    person: Pseudonym
    owner_due: datetime | None = None
    named: bool = False


class OwnerHesitates(Event):
    """Who was asked does not agree yet, and why. The question stands: they can still agree."""

    kind: ClassVar[EntryKind] = EntryKind.OWNER_HESITATES
    controls: ClassVar[Controls] = (*iso.ROLES, *iso.RESPOND)
    reason: Text


OWNER_EVENTS: Final[tuple[type[Event], ...]] = (OwnerAsked, OwnerHesitates)
