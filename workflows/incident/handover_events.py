"""Events about handing the lead over."""

from datetime import datetime
from typing import ClassVar, Final

from workflows import controls as iso
from workflows.actors import Pseudonym
from workflows.events import Event, OptionalText, Text
from workflows.ledger.kinds import EntryKind

Controls = tuple[str, ...]


class HandoverOffered(Event):
    """The lead asked somebody to lead. An offer takes the place of an earlier one. `handover_due`: asked again then.

    `named`: they were named in the case for it, the entry before, and are so only while it stands.
    """

    kind: ClassVar[EntryKind] = EntryKind.HANDOVER_OFFERED
    controls: ClassVar[Controls] = iso.ROLES
    person: Pseudonym
    stands: Text
    next_step: OptionalText = None
    handover_due: datetime | None = None
    named: bool = False


class HandoverAccepted(Event):
    """Who was asked leads; the role is an entry of its own, the next one."""

    kind: ClassVar[EntryKind] = EntryKind.HANDOVER_ACCEPTED
    controls: ClassVar[Controls] = iso.ROLES
    giver: Pseudonym


class HandoverDeclined(Event):
    """Who was asked does not lead (`withdrawn`: the lead took the offer back)."""

    kind: ClassVar[EntryKind] = EntryKind.HANDOVER_DECLINED
    controls: ClassVar[Controls] = iso.ROLES
    reason: Text
    withdrawn: bool = False


HANDOVER_EVENTS: Final[tuple[type[Event], ...]] = (HandoverOffered, HandoverAccepted, HandoverDeclined)
