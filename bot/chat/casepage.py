"""A case on one page: how far it is, how it stands, what comes next, and every entry with its receipt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.chat import further, pages
from bot.chat.parser import case_number
from bot.chat.reply import Button, Reply
from bot.chat.room import Room
from bot.chat.texts import change_events, incident_events, terms
from bot.chat.texts.times import both
from bot.chat.verbs import Topic
from workflows.change.state import ChangeCase
from workflows.events import Recorded
from workflows.incident.moves import NEAR_MISS, RESPONSE
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind, State
from workflows.ledger.receipt import Receipt
from workflows.workflow import Case

ENTRIES: Final = 100
"""So many entries are shown at once, the newest first."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of the way of a case."""

    label: str
    is_passed: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline: when it happened, when it was recorded where that is another time, and its receipt."""

    when: str
    text: str
    receipt: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page. `earlier`: there are entries before this sequence number; 0 where these are all.

    `further`: steps that could be typed elsewhere, beside those of the reply.
    """

    number: str
    title: str
    reply: Reply
    phases: tuple[Phase, ...]
    entries: tuple[Entry, ...]
    further: tuple[Button, ...] = ()
    earlier: int = 0


def case_page(room: Room, topic: Topic, named: str, before: int = 0) -> CasePage | None:
    """The case of this number; None for one that is absent, and for one that the asker may not see.

    `before`: only entries with a lower sequence number.
    """
    number = case_number(named, topic, room.years) or named
    case = room.queries.case(number, room.actor)
    if not isinstance(case, IncidentCase if topic is Topic.INCIDENT else ChangeCase):
        return None
    steps = room.queries.recorded(case, last=before - 1 if before > 0 else None)
    shown = steps[-ENTRIES:]
    told = pages.status(room, case)
    return CasePage(
        number=case.number,
        title=pages.headline(room, case),
        reply=replace(told, paragraphs=told.paragraphs[1:]),
        phases=_phases(room, case),
        entries=tuple(_entries(room, case, shown)),
        further=further.steps(room, case, told.buttons),
        earlier=shown[0][0].seq if len(steps) > len(shown) else 0,
    )


def _phases(room: Room, case: Case) -> tuple[Phase, ...]:
    if not isinstance(case, IncidentCase):
        return ()
    way: tuple[State, ...] = NEAR_MISS if case.kind is Kind.NEAR_MISS and case.state in NEAR_MISS else RESPONSE
    way = (State.IDENTIFY, State.DISMISSED) if case.state is State.DISMISSED else way
    at = way.index(case.state)
    return tuple(Phase(terms.name(room.t, one), no < at, no == at) for no, one in enumerate(way))


def _entries(room: Room, case: Case, steps: Sequence[tuple[Recorded, Receipt]]) -> Iterator[Entry]:
    """The newest first. What goes without saying is told by the entry beside it."""
    for step, receipt in reversed(steps):
        text = _sentence(room, case, step)
        if text:
            yield Entry(both(room.t, step.when, step.at, room.policy.zone, room.now), text, str(receipt))


def _sentence(room: Room, case: Case, step: Recorded) -> str:
    if isinstance(case, IncidentCase):
        return incident_events.sentence(room.telling(case), step)
    return change_events.sentence(room.telling_change(case), step) if isinstance(case, ChangeCase) else ""
