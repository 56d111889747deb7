"""What others did to a case while somebody had a form about it open: nothing of theirs is undone without a word."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from bot.chat import allowing, forming, opposing, steps, typed_back
from bot.chat.forms import change_ask, incident_ask
from bot.chat.forms.parts import MARK
from bot.chat.forms.phases import TARGETS
from bot.chat.reply import Field, FieldErrors, FieldKind, Form, Paragraph, Reply
from bot.chat.room import Room
from bot.chat.texts import change_events, common, incident_events, overtaken, times
from config.policy.criteria import CriterionId
from config.policy.ids import Criterion
from workflows.change.events import ChangeAmended
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.events import Event, Recorded
from workflows.incident.choices import CorrectiveNeed, EvidenceKept
from workflows.incident.commands import GivenAnswers
from workflows.incident.events import (
    Answered,
    Assessed,
    CorrectiveOpened,
    EvidenceRecorded,
    Exempted,
    Moved,
    RoleAssigned,
)
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

T = TypeVar("T")
TRIES: Final = 3
"""So often a form looks again for what others did at the same moment; then it is taken."""
_SEPARATOR: Final = "@"
_SEVERAL: Final = frozenset({"factors"})
"""Fields that hold several choices."""
_NAMES: Final[Mapping[type[Event], Mapping[str, str]]] = {
    Assessed: {"outcome": "kind"},
    ChangeAmended: {"description": "change_description", "affected": "change_affected"},
}
"""Entries that answer fields of a form, and which of them the form asks for by another name."""
_THERE_IS: Final[Mapping[type[Event], tuple[Criterion, str]]] = {
    EvidenceRecorded: (Criterion.EVIDENCE, EvidenceKept.NONE),
    CorrectiveOpened: (Criterion.CORRECTIVE_ACTION, CorrectiveNeed.NONE),
}
"""Entries that a criterion asks for, and the answer to it that there is no such thing."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form that lay open: its answers, the command they make, the case as it now stands, and what others did."""

    room: Room
    form_id: str
    case: Case
    values: Mapping[str, str]
    command: Command
    since: Sequence[Recorded]


def stamped(found: T, now: datetime) -> T:
    """An answer whose form knows when it was made; `now` was read before the case was."""
    if isinstance(found, Reply) and found.form is not None and found.form.case and found.form.made is None:
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
    case = room.queries.case(number, room.actor) if made is not None and made.tzinfo is not None else None
    command = allowing.command_of(room, form_id, room.reading(values, case), case) if case is not None else None
    if case is None or command is None or made is None:
        return None
    if form_id not in TARGETS and not opposing.may_oppose(command):
        return None
    mine = case.pseudonym_of(room.actor.person.id) if room.actor.person else None
    since = [item for item, _ in room.queries.recorded(case) if item.at > made and item.by not in (None, mine)]
    sent = _Sent(room, form_id, case, values, command, since)
    return _stepped(sent, case) if form_id in TARGETS and isinstance(case, IncidentCase) else _decided(sent)


def given_back(
    room: Room, told: Reply | FieldErrors, values: Mapping[str, str], case: Case | None
) -> Reply | FieldErrors:
    """An answer that brings no form back, with what was typed."""
    if isinstance(told, FieldErrors) or told.form is not None:
        return told
    return replace(told, paragraphs=(*told.paragraphs, *typed_back.lost(room, values, case)))


def _decided(sent: _Sent) -> Reply | None:
    """The form again. Where it shows what is on record, the newer stands in it; a decision stays as it was typed."""
    t, newer, known = sent.room.t, _newer(sent), _known(sent.case)
    opposed = [one for one in sent.since if opposing.opposes(sent.case, sent.command, one.event)]
    if not (newer or opposed):
        return None
    form = forming.form(sent.room, sent.form_id, sent.case, {**sent.values, **{name: known[name] for name in newer}})
    if form is None:
        return None
    told = [overtaken.assessed(t), *_compared(sent, form.fields, newer)] if newer else []
    told += [overtaken.decided(t), *(_did(sent, one) for one in opposed), overtaken.still(t)] if opposed else []
    return _with_typed(form, "\n".join(told), _unshown(sent, newer, newer))


def _stepped(sent: _Sent, case: IncidentCase) -> Reply | None:
    """Somebody made a step already: this one is not taken, and what was typed is given back."""
    moves = [item for item in sent.since if isinstance(item.event, Moved)]
    if not moves:
        return _answered(sent, case) if steps.leads(sent.form_id, case) else None
    room = sent.room
    told = Paragraph(overtaken.moved(room.telling(case), moves[-1]))
    typed = typed_back.given(room, sent.values, case)
    return Reply((told, *typed), buttons=steps.onward_for(room, case), case=case.number)


def _answered(sent: _Sent, case: IncidentCase) -> Reply | None:
    """Others answered some of what a step asks: that stays so, and the form asks for the rest."""
    room, newer, others = sent.room, _newer(sent), dict(_by_others(sent))
    taken = {name: value for name, value in sent.values.items() if value and (name in newer or name in others)}
    if not taken:
        return None
    asked = typed_back.asked(room, taken, case).values()
    items = {one.seq: one for one in others.values()}.values()
    told = "\n".join([overtaken.answered(room.t), *_compared(sent, asked, newer), *(_did(sent, one) for one in items)])
    rest = {name: value for name, value in sent.values.items() if name not in taken}
    form = steps.form(room, sent.form_id, case, steps.missing(room, sent.form_id, case), rest)
    typed = _unshown(sent, taken, newer)
    if not (form.fields or form.page):
        return Reply((Paragraph(told), *typed), buttons=steps.onward_for(room, case), case=case.number)
    return _with_typed(form, "\n".join(one for one in (told, overtaken.rest(room.t), form.notice) if one), typed)


def _with_typed(form: Form, told: str, typed: Sequence[Paragraph]) -> Reply:
    """The form again, under what is to be known and what was typed that it does not hold."""
    page = (*(one.text for one in typed), *form.page)
    return Reply((Paragraph(told), *typed), form=replace(form, notice=told, page=page), case=form.case)


def _unshown(sent: _Sent, names: Iterable[str], newer: Container[str]) -> tuple[Paragraph, ...]:
    """Answers that the form holds no more, and that do not stand in full beside the newer ones."""
    typed = {name: sent.values[name] for name in names}
    left = {name: value for name, value in typed.items() if name not in newer or overtaken.is_cut(value)}
    return typed_back.lost(sent.room, left, sent.case)


def _newer(sent: _Sent) -> Mapping[str, Recorded]:
    """Fields that say something else than what others put on record, each with the entry that did."""
    known, by = _known(sent.case), {name: item for item in sent.since for name in _given(item.event)}
    said = {name: sent.values.get(name, "").strip() for name in by}
    differs = (name for name in by if said[name] and known.get(name) and not _is_same(name, said[name], known[name]))
    return {name: by[name] for name in differs}


def _by_others(sent: _Sent) -> Iterator[tuple[str, Recorded]]:
    """Fields of a step whose question others answered otherwise than by an assessment."""
    assess = sent.command.assess if isinstance(sent.command, GivenAnswers) else None
    for item in sent.since:
        if (criterion := _supplied(sent, item.event)) is not None:
            yield from ((name, item) for name in sent.values if name.startswith(f"{criterion}{MARK}"))
        elif assess is not None and opposing.opposes(sent.case, assess, item.event):
            fields = ("lead",) if isinstance(item.event, RoleAssigned) else ("severity", "severity_reason")
            yield from ((name, item) for name in fields)


def _supplied(sent: _Sent, event: Event) -> CriterionId | None:
    """The criterion that an entry answers; one that adds to it only where the form says that there is nothing."""
    if isinstance(event, (Answered, Exempted)):
        return event.criterion
    criterion, nothing = _THERE_IS.get(type(event), (None, ""))
    return criterion if criterion is not None and sent.values.get(f"{criterion}{MARK}choice") == nothing else None


def _given(event: Event) -> list[str]:
    names = _NAMES.get(type(event))
    return [names.get(name, name) for name in event.model_dump(exclude_none=True)] if names is not None else []


def _known(case: Case) -> Mapping[str, str]:
    if isinstance(case, IncidentCase):
        return incident_ask.known(case)
    return change_ask.known(case) if isinstance(case, ChangeCase) else {}


def _is_same(name: str, said: str, known: str) -> bool:
    """Several choices are the same in any order; a text is not."""
    return said == known.strip() or (name in _SEVERAL and sorted(said.split()) == sorted(known.split()))


def _compared(sent: _Sent, fields: Iterable[Field], newer: Mapping[str, Recorded]) -> list[str]:
    """What stands on record, by whom and since when, beside what the reader had there."""
    t, known = sent.room.t, _known(sent.case)
    return [
        overtaken.line(
            t, one.label, _shown(one, known[one.id]), _shown(one, sent.values[one.id]), *_by(sent, newer[one.id])
        )
        for one in fields
        if one.id in newer
    ]


def _did(sent: _Sent, item: Recorded) -> str:
    """What somebody did, in the words of the timeline."""
    told = ""
    if isinstance(sent.case, IncidentCase):
        told = incident_events.sentence(sent.room.telling(sent.case), item)
    elif isinstance(sent.case, ChangeCase):
        told = change_events.sentence(sent.room.telling_change(sent.case), item)
    return overtaken.did(sent.room.t, told, *_by(sent, item))


def _by(sent: _Sent, item: Recorded) -> tuple[str, str]:
    """Who, and when."""
    room = sent.room
    return common.one_line(sent.case.name_of(item.by), 60), times.moment(room.t, item.at, room.policy.zone, room.now)


def _shown(field: Field, value: str) -> str:
    """A value as the form shows it."""
    labels = {one.value: one.label for one in field.options}
    if field.kind is FieldKind.CHOICES:
        return ", ".join(labels.get(one, one) for one in value.split())
    return labels.get(value, value)
