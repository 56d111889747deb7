"""Words behind a verb that takes none, `ack 42 there in ten minutes`: told back, so that nobody thinks them kept."""

from dataclasses import replace
from typing import Final

from bot.chat.measure import BUTTON_CARRIES, length
from bot.chat.parser import Intent
from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.room import Room
from bot.chat.texts import common, next_steps
from bot.chat.verbs import Topic, Verb
from workflows.incident.commands import Note
from workflows.incident.state import IncidentCase

TAKES_NONE: Final = frozenset(
    {Verb.ACK, Verb.URGENT, Verb.CONTAIN, Verb.ERADICATE, Verb.RECOVER, Verb.REVIEW, Verb.CLOSE, Verb.WALK}
)
_SAYS_SOMETHING: Final = 2
"""So many words may matter; a single one is a `please`."""


def told_back(room: Room, reply: Reply, intent: Intent) -> Reply:
    """The answer with these words in it: above the form that has a field for them, else with the button for a note."""
    words = intent.rest.split()
    if intent.topic is not Topic.INCIDENT or intent.verb not in TAKES_NONE or len(words) < _SAYS_SOMETHING:
        return reply
    if reply.form is not None:
        notice = "\n".join(one for one in (reply.form.notice, common.into_its_field(room.t, intent.rest)) if one)
        return replace(reply, form=replace(reply.form, notice=notice))
    case = room.queries.case(reply.case, room.actor) if reply.case else None
    if not isinstance(case, IncidentCase):
        return reply
    value = f"{case.number} {intent.rest}"
    note = Button("incident.note", next_steps.as_note(room.t), value)
    offered = (note,) if room.may(Note, case) and length(value) <= BUTTON_CARRIES else ()
    return replace(reply, paragraphs=(*reply.paragraphs, Paragraph(common.not_kept(room.t, intent.rest), offered)))
