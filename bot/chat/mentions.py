"""When somebody mentions the bot: what only reads is answered, everything else becomes a button.

A mention opens no window, others read it, and it may have been meant for them: nothing is recorded by it alone.
"""

from typing import Final

from bot.chat import pages
from bot.chat.measure import BUTTON_CARRIES, length
from bot.chat.parser import Intent, Unknown
from bot.chat.reply import Button, Reply, say
from bot.chat.room import Room
from bot.chat.texts import entering, mention, next_steps
from bot.chat.verbs import Verb, word_for

READS: Final = frozenset({Verb.HELP, Verb.LIST, Verb.STATUS})


def offer(room: Room, intent: Intent | Unknown, said: str) -> Reply:
    """What the words would do, as a button. Nothing said: what there is."""
    if not said.strip():
        return say(mention.greeting(room.t), buttons=_start(room))
    if isinstance(intent, Unknown) and not intent.is_sentence:
        return pages.unknown(room, intent)
    if isinstance(intent, Intent) and intent.verb is Verb.CONSOLE:
        return say(entering.ask_privately(room.t))
    button = _meant(room, intent)
    if length(button.value) > BUTTON_CARRIES:
        return say(mention.too_long(room.t), buttons=_start(room))
    return say(mention.not_yet(room.t), buttons=(button, *_start(room)[1:]))


def _meant(room: Room, intent: Intent | Unknown) -> Button:
    if isinstance(intent, Unknown):
        label = next_steps.label(room.t, "incident.report")
        return Button("incident.report", label, intent.text, primary=True)
    action = f"{intent.topic.value}.{intent.verb.value}"
    known = next_steps.LABELS.get(action)
    label = room.t.gettext(known) if known else word_for(intent.topic, intent.verb, room.t.language)
    return Button(action, label, f"{intent.case} {intent.rest}".strip(), primary=True)


def _start(room: Room) -> tuple[Button, ...]:
    return (
        Button("incident.report", next_steps.label(room.t, "incident.report"), primary=True),
        Button("incident.list", mention.listing(room.t)),
        Button("incident.help", next_steps.label(room.t, "incident.help")),
    )
