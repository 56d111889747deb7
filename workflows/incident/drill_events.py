"""Events about drills by a scenario."""

from typing import ClassVar, Final

from workflows import controls as iso
from workflows.events import Event, Text
from workflows.ledger.kinds import EntryKind
from workflows.record import PolicyId

Controls = tuple[str, ...]


class DrillStarted(Event):
    """The drill follows this scenario of the policy."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_DRILL_STARTED
    controls: ClassVar[Controls] = iso.DRILL
    scenario: PolicyId
    injects: int


class Injected(Event):
    """Something came to light in a drill, made up by its scenario; `no` from 0."""

    kind: ClassVar[EntryKind] = EntryKind.INCIDENT_INJECTED
    controls: ClassVar[Controls] = iso.DRILL
    no: int
    text: Text


DRILL_EVENTS: Final[tuple[type[Event], ...]] = (DrillStarted, Injected)
