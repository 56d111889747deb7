"""What a case is tied to, in its status: changes and other cases, from whichever side. Each reader sees their own."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from bot.chat.reply import Button, Paragraph
from bot.chat.room import Room
from bot.chat.texts import change, incident, next_steps, ties
from workflows.change.state import ChangeCase
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Relation
from workflows.workflow import Case

MOST: Final = 10
"""So many are listed; all of them count in the ledger."""


def lines(room: Room, case: Case) -> Iterator[Paragraph]:
    """For the page of a case: those that hold an incident first."""
    found = [(other, relation(case, other)) for other in room.queries.tied(case, room.actor)]
    order = tuple(Relation)
    for other, how in sorted(found, key=lambda pair: order.index(pair[1]))[:MOST]:
        yield _line(room, other, how)


def relation(one: Case, other: Case) -> Relation:
    """How they hang together, by what either of them says; a change says no more than that they do."""
    return _says(one).get(other.id) or _says(other).get(one.id) or Relation.RELATED


def _says(case: Case) -> Mapping[UUID, Relation]:
    """By the id of the other case; of several ties the one that holds."""
    order = tuple(Relation)
    links = case.links if isinstance(case, IncidentCase) else ()
    return {link.id: link.relation for link in sorted(links, key=lambda one: order.index(one.relation), reverse=True)}


def _line(room: Room, other: Case, how: Relation) -> Paragraph:
    if isinstance(other, IncidentCase):
        told, action = incident.headline(room.t, other), "incident.status"
    else:
        told = change.headline(room.t, other) if isinstance(other, ChangeCase) else other.number
        action = "change.status"
    show = Button(action, next_steps.label(room.t, action), other.number)
    return Paragraph(ties.linked(room.t, told, how), (show,))
