"""What others did to a case while somebody had a form about it open: nothing of theirs is undone without a word."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from bot.chat import steps, typed_back
from bot.chat.forms import incident_ask
from bot.chat.forms.phases import TARGETS
from bot.chat.reply import Field, FieldErrors, Paragraph, Reply
from bot.chat.room import Room
from bot.chat.texts import overtaken
from workflows.events import Recorded
from workflows.incident.events import Assessed, Moved
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

T = TypeVar("T")
_SEPARATOR: Final = "@"
_NAMES: Final = {"outcome": "kind"}
"""Fields of an assessment that a form asks for by another name."""


def stamped(found: T, now: datetime) -> T:
    """An answer whose form knows when it was made; `now` was read before the case was."""
    if isinstance(found, Reply) and found.form is not None and found.form.case:
        return replace(found, form=replace(found.form, made=now))
    return found


def read(about: str) -> tuple[str, datetime | None]:
    """The case number that a form carries, and when the form was made; None where that cannot be read."""
    number, _, made = about.partition(_SEPARATOR)
    try:
        return number, datetime.fromisoformat(made) if made else None
    except ValueError:
        return number, None


def answer(room: Room, form_id: str, number: str, values: Mapping[str, str], made: datetime | None) -> Reply | None:
    """What to say instead of taking the form, where somebody else was faster; None where nothing is in the way."""
    if made is None or made.tzinfo is None or (form_id != "incident.assess" and form_id not in TARGETS):
        return None
    case = room.queries.case(number, room.actor)
    if not isinstance(case, IncidentCase):
        return None
    mine = case.pseudonym_of(room.actor.person.id) if room.actor.person else None
    since = [item for item, _ in room.queries.recorded(case) if item.at > made and item.by not in (None, mine)]
    return _assessed(room, case, values, since) if form_id == "incident.assess" else _moved(room, case, values, since)


def given_back(
    room: Room, told: Reply | FieldErrors, values: Mapping[str, str], case: Case | None
) -> Reply | FieldErrors:
    """An answer that brings no form back, with what was typed."""
    if isinstance(told, FieldErrors) or told.form is not None:
        return told
    return replace(told, paragraphs=(*told.paragraphs, *typed_back.lost(room, values, case)))


def _assessed(room: Room, case: IncidentCase, values: Mapping[str, str], since: Iterable[Recorded]) -> Reply | None:
    """The form again, with what others decided in it; what the reader had chosen there stands above."""
    by = {name: item for item in since if isinstance(item.event, Assessed) for name in _given(item.event)}
    known = incident_ask.known(case)
    undone = {name: known[name] for name in by if values.get(name, "") != known.get(name, "") and known.get(name)}
    if not undone:
        return None
    form = incident_ask.assess(room.questions({**values, **undone}), case)
    x = room.telling(case)
    lines = [
        overtaken.line(x, one.label, _shown(one, undone[one.id]), _shown(one, values.get(one.id, "")), by[one.id])
        for one in form.fields
        if one.id in undone
    ]
    told = "\n".join([overtaken.assessed(room.t), *(f"• {one}" for one in lines)])
    return Reply((Paragraph(told),), form=replace(form, notice=told), case=case.number)


def _given(event: Assessed) -> list[str]:
    return [_NAMES.get(name, name) for name, value in event.model_dump(exclude_none=True).items() if value]


def _moved(room: Room, case: IncidentCase, values: Mapping[str, str], since: Iterable[Recorded]) -> Reply | None:
    """Somebody made a step already: this one is not taken, and what was typed is given back."""
    moves = [item for item in since if isinstance(item.event, Moved)]
    if not moves:
        return None
    told = Paragraph(overtaken.moved(room.telling(case), moves[-1]))
    return Reply((told, *typed_back.given(room, values, case)), buttons=steps.onward_for(room, case), case=case.number)


def _shown(field: Field, value: str) -> str:
    """A value as the form shows it."""
    return next((one.label for one in field.options if one.value == value), value)
