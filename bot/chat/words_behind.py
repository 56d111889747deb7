"""Words behind a verb that takes none, `ack 42 there in ten minutes`: told back, so that nobody thinks them kept."""

from dataclasses import replace
from typing import Final

from bot.chat import allowing
from bot.chat.parser import Intent
from bot.chat.reply import Paragraph, Reply
from bot.chat.room import Room
from bot.chat.texts import common
from bot.chat.verbs import Topic, Verb
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
    told = Paragraph(common.not_kept(room.t, intent.rest), allowing.note_button(room, case, intent.rest))
    return replace(reply, paragraphs=(*reply.paragraphs, told))
