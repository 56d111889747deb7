"""What was said without a case it fits: it may be a report, and nobody types it twice."""

from dataclasses import replace

from bot.chat.forms import incident_ask
from bot.chat.forms.report_options import FORM
from bot.chat.measure import BUTTON_CARRIES, length
from bot.chat.parser import Intent, Unknown
from bot.chat.reply import Button, Reply
from bot.chat.room import Room
from bot.chat.texts import common
from bot.chat.typed import typed
from bot.chat.verbs import Topic, Verb


def form(room: Room, text: str, told: str) -> Reply:
    """The report form with the whole text in it. `told`: why this is asked. Nothing is recorded yet."""
    asked = incident_ask.report(room.questions({"what": text}))
    return Reply(form=replace(asked, notice=f"{told} {common.as_report(room.t)}"))


def button(room: Room, text: str) -> tuple[Button, ...]:
    """Opens that form; none where the text is too long to go along."""
    value = f"--{FORM} {text}"
    return (
        (Button("incident.report", common.meant_as_report(room.t), value),) if length(value) <= BUTTON_CARRIES else ()
    )


def may_be(found: Unknown) -> bool:
    """Whether a word that is no verb may be what happened, rather than something about a case."""
    numbered = any(sign.isdigit() for word in found.text.split()[1:] for sign in word)
    return found.topic is Topic.INCIDENT and not found.case and not numbered


def may_ask(intent: Intent | Unknown) -> bool:
    """Whether the answer may be a form, before anything is read. A sentence becomes a report where no case fits it."""
    if isinstance(intent, Unknown):
        return intent.topic is Topic.INCIDENT and intent.is_sentence
    if intent.verb is Verb.PLAN:
        return not intent.rest
    found = typed(intent, is_open=True)
    return intent.is_sentence or (found is not None and not found.direct)
