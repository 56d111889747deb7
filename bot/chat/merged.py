"""Duplicates in the status of a case: where one goes on, and what those of a case hold. Each reader sees their own."""

from collections.abc import Iterator
from typing import Final

from bot.chat.reply import Button, Paragraph
from bot.chat.room import Room
from bot.chat.texts import duplicates, incident, next_steps
from workflows.incident.commands import Note
from workflows.incident.state import IncidentCase

MOST: Final = 10
"""So many duplicates are listed; all of them count in the ledger."""


def goes_on(room: Room, case: IncidentCase) -> str:
    """Where a duplicate goes on, as far as the reader may know; empty for any other case."""
    if case.merged_into is None:
        return ""
    main = room.queries.by_id(case.merged_into, room.actor)
    return duplicates.goes_on(room.t, duplicates.named(room.t, main) if isinstance(main, IncidentCase) else "")


def note_there(room: Room, case: IncidentCase) -> tuple[Button, ...]:
    """For what somebody wants to add to a duplicate: a note in the case that goes on, if they may write one there."""
    main = room.queries.by_id(case.merged_into, room.actor) if case.merged_into is not None else None
    if not isinstance(main, IncidentCase) or not main.state.is_open or not room.may(Note, main):
        return ()
    return (Button("incident.note", next_steps.label(room.t, "incident.note"), main.number),)


def lines(room: Room, case: IncidentCase) -> Iterator[Paragraph]:
    """For the page of a case."""
    told = goes_on(room, case)
    if told:
        yield Paragraph(told)
    for one in case.duplicates[-MOST:]:
        other = room.queries.by_id(one.id, room.actor)
        if isinstance(other, IncidentCase):
            listed = [duplicates.head(room.t, incident.headline(room.t, other))]
            listed += [f"• {line}" for line in duplicates.holds(room.telling(other))]
            show = Button("incident.status", next_steps.label(room.t, "incident.status"), other.number)
            yield Paragraph("\n".join(listed), (show,))
