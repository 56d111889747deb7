"""What was said without a case it fits: it may be a report, and nobody types it twice."""

from dataclasses import replace

from bot.chat.forms import incident_ask
from bot.chat.parser import Intent, Unknown
from bot.chat.reply import Reply
from bot.chat.room import Room
from bot.chat.texts import common
from bot.chat.typed import typed
from bot.chat.verbs import Topic, Verb


def form(room: Room, text: str, told: str) -> Reply:
    """The report form with the whole text in it. `told`: why this is asked. Nothing is recorded yet."""
    asked = incident_ask.report(room.questions({"what": text}))
    return Reply(form=replace(asked, notice=f"{told} {common.as_report(room.t)}"))


def may_ask(intent: Intent | Unknown) -> bool:
    """Whether the answer may be a form, before anything is read. A sentence becomes a report where no case fits it."""
    if isinstance(intent, Unknown):
        return intent.topic is Topic.INCIDENT and intent.is_sentence
    if intent.verb is Verb.PLAN:
        return not intent.rest
    found = typed(intent, is_open=True)
    return intent.is_sentence or (found is not None and not found.direct)
