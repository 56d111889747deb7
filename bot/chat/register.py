"""The list of incidents, page by page: the open ones by urgency, or all of them, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.chat.pages import open_incidents
from bot.chat.room import Room
from bot.chat.texts import incident
from bot.chat.verbs import Topic
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

ROWS: Final = 50
"""How many stand on a page."""


@dataclass(frozen=True, slots=True)
class Row:
    """An incident in the list."""

    number: str
    text: str
    reported: str


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the list. `after`: the number after which the next page begins; empty on the last one."""

    rows: tuple[Row, ...]
    after: str = ""


def register(room: Room, after: str = "", *, closed: bool = False) -> Register:
    """What follows a case of this number; from the start where there is none that the asker may see.

    `closed`: also those that are over.
    """
    found = _all(room, after) if closed else _behind(open_incidents(room), after)
    shown = [case for case in found[:ROWS] if isinstance(case, IncidentCase)]
    return Register(tuple(_row(room, case) for case in shown), shown[-1].number if len(found) > ROWS else "")


def _all(room: Room, after: str) -> Sequence[Case]:
    return room.queries.opened_before(after, room.actor, workflow=Topic.INCIDENT.value, limit=ROWS + 1)


def _behind(cases: Sequence[Case], after: str) -> Sequence[Case]:
    at = next((no for no, case in enumerate(cases, 1) if case.number == after), 0)
    return cases[at:]


def _row(room: Room, case: IncidentCase) -> Row:
    telling = room.telling(case)
    return Row(case.number, incident.headline(room.t, case), incident.reported(telling))
