"""What else can be done to a case, beside the likeliest steps: for where no verb can be typed."""

from collections.abc import Collection, Iterator
from typing import Final

from bot.chat import allowing, no_step
from bot.chat.parser import Intent
from bot.chat.reply import Button
from bot.chat.room import Room
from bot.chat.texts import fields
from bot.chat.verbs import Topic, Verb
from workflows.change.codes import ChangeState
from workflows.change.state import ChangeCase
from workflows.incident.state import IncidentCase
from workflows.incident.terms import CorrectiveState
from workflows.workflow import Case

_INCIDENT: Final = (
    (Verb.UPDATE, ""),
    (Verb.ACTION, ""),
    (Verb.EVIDENCE, ""),
    (Verb.TASK, ""),
    (Verb.ACTION, "corrective"),
    (Verb.ROLE, ""),
    (Verb.SEVERITY, ""),
    (Verb.RESTRICT, ""),
    (Verb.LINK, ""),
    (Verb.OVERRIDE, ""),
    (Verb.WALK, ""),
    (Verb.BACK, ""),
)
"""Verbs, with the word that leads to another form of theirs."""
_CHANGE: Final = (Verb.RISK, Verb.OBJECT, Verb.WAIVE, Verb.EMERGENCY, Verb.LINK, Verb.CANCEL)
_DEPLOYED: Final = (Verb.DEPLOYED, Verb.ROLLBACK)


def steps(room: Room, case: Case, offered: Collection[Button]) -> tuple[Button, ...]:
    """Those that the asker's roles allow, called as the form that opens; without what is `offered` already."""
    known = {(one.action, one.value) for one in offered}
    found = _of_incident(room, case) if isinstance(case, IncidentCase) else _of_change(room, case)
    return tuple(one for one in found if (one.action, one.value) not in known)


def _of_incident(room: Room, case: IncidentCase) -> Iterator[Button]:
    for verb, word in (*_INCIDENT, *_about_what_is_there(room, case)):
        intent = Intent(Topic.INCIDENT, verb, case.number, word)
        if allowing.fits(room, intent, case) and not no_step.why(room, intent, case):
            yield from _step(room, intent, case)


def _about_what_is_there(room: Room, case: IncidentCase) -> Iterator[tuple[Verb, str]]:
    """What needs something to be done to; the lead is handed over by whoever has it."""
    if room.is_me(case, case.lead):
        yield Verb.HANDOVER, ""
    if case.duties:
        yield from ((Verb.DUTY, ""), (Verb.DUTY, "filed"))
    for task in case.open_tasks[:1]:
        yield Verb.TASK, f"give {task.no}"
    for action in [one for one in case.correctives if one.state is CorrectiveState.OPEN][:1]:
        yield Verb.ACTION, f"give {action.no}"
    if case.roles:
        yield Verb.ROLE, "remove"
    if case.links:
        yield Verb.LINK, "remove"


def _of_change(room: Room, case: Case) -> Iterator[Button]:
    if not isinstance(case, ChangeCase):
        return
    verbs: tuple[Verb, ...] = () if case.over else _CHANGE
    verbs += _DEPLOYED if case.stands is ChangeState.DEPLOY else ()
    verbs += (Verb.LINK,) if case.stands is ChangeState.ROLLED_BACK and case.successor is None else ()
    for verb in verbs:
        yield from _step(room, Intent(Topic.CHANGE, verb, case.number), case)


def _step(room: Room, intent: Intent, case: Case) -> Iterator[Button]:
    found = allowing.typed_for(intent, case)
    if found is not None and allowing.before_form(room, found.form, case) is None:
        value = f"{intent.case} {intent.rest}".strip()
        yield Button(f"{intent.topic.value}.{intent.verb.value}", fields.title(room.t, found.form), value)
