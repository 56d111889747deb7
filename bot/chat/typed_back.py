"""What somebody typed into a form, given back in words where no form comes back: nothing typed is lost."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Final

from bot.chat.forms import incident_ask
from bot.chat.forms.parts import MARK, parts_of
from bot.chat.forms.phases import Exit, build
from bot.chat.measure import length
from bot.chat.reply import Field, FieldKind, Paragraph, Reply
from bot.chat.room import Room
from bot.chat.texts import common, criteria, fields, overtaken, times
from config.i18n import Translator
from config.policy.criteria import criterion_of
from config.policy.models import Policy
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

_LONGEST: Final = 2500
_DENSE: Final = 500
"""So much of a text fits into a paragraph at a surface, and of one in which every sign has to be escaped there."""
_WRITTEN: Final = frozenset({FieldKind.TEXT, FieldKind.MULTILINE, FieldKind.DATE})
_WORDS: Final = frozenset(
    {
        "reason", "severity_reason", "text", "note", "update", "next_update", "action", "result", "task", "description",
        "source_system", "location", "method", "file_name", "storage", "finding", "stands", "next_step",
        "override_reason", "decision_reason", "reference", "feedback", "measure", "account", "prevention", "follow_up",
        "settle_note", "skip_because",
    }
)  # fmt: skip
"""Fields that are answered in words, and that no form holds an answer of the case in before somebody typed."""


def given(room: Room, values: Mapping[str, str], case: Case | None = None) -> tuple[Paragraph, ...]:
    """Each answer with the question it was given to, as the form of `case` shows it, in as many paragraphs as it takes.

    What can be told only as a code (without a case: choices, people, times) stands as the form sent it.
    """
    known = asked(room, values, case) if isinstance(case, IncidentCase) else {}
    shown = ((name, _shown(room, known.get(name), value.strip())) for name, value in values.items())
    answers = ((question(room.t, room.policy, name), value) for name, value in shown)
    return tuple(Paragraph(text) for label, value in answers if value for text in _pieces(label, value))


def lost(room: Room, values: Mapping[str, str], case: Case | None = None) -> tuple[Paragraph, ...]:
    """The same with a line above it that says so; nothing where nothing was answered."""
    answers = given(room, values, case)
    return (Paragraph(overtaken.yours(room.t)), *answers) if answers else ()


def hidden(room: Room, number: str, values: Mapping[str, str]) -> Reply:
    """There is nothing to show, and only the reader's own words stand below: a form may hold what is of the case.

    The same for a case that there never was.
    """
    own = {name: value for name, value in values.items() if _in_own_words(name)}
    return Reply((Paragraph(common.nothing_to_show(room.t, number)), *lost(room, own)))


def question(t: Translator, policy: Policy, name: str) -> str:
    """What a field of a form asks, without its question mark; its name where nothing is known of it."""
    if name in fields.LABELS:
        return fields.label(t, name).rstrip("?")
    subject, _, part = name.partition(MARK)
    criterion = criterion_of(subject)
    listed = parts_of(criterion) if criterion is not None else ()
    if criterion is None or all(one.name != part for one in listed):
        return name
    return criteria.part_label(t, policy, criterion, part, alone=len(listed) == 1).rstrip("?")


def asked(room: Room, values: Mapping[str, str], case: IncidentCase) -> Mapping[str, Field]:
    """The questions about an incident that these answers belong to."""
    q = room.questions({})
    named = dict.fromkeys(criterion_of(name.partition(MARK)[0]) for name in values)
    exit_ = Exit("incident.walk", case.number, tuple(one for one in named if one is not None), {})
    return {one.id: one for one in (*incident_ask.assess(q, case).fields, *build(q, exit_).fields)}


def _shown(room: Room, field: Field | None, value: str) -> str:
    """An answer as people read it."""
    labels = {one.value: one.label for one in field.options} if field else {}
    if value in labels:
        return labels[value]
    if field is None or field.kind in _WRITTEN:
        return value
    if field.kind is FieldKind.DATETIME:
        return _moment(room, value)
    names = {token: person.name for token in value.split() if (person := room.directory.find(token)) is not None}
    return ", ".join(labels.get(one) or names.get(one) or one for one in value.split())


def _moment(room: Room, value: str) -> str:
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return value
    return times.moment(room.t, read, room.policy.zone, room.now) if read.tzinfo else value


def _in_own_words(name: str) -> bool:
    subject, _, asked = name.partition(MARK)
    criterion = criterion_of(subject)
    listed = parts_of(criterion) if criterion is not None else ()
    words = {FieldKind.TEXT, FieldKind.MULTILINE}
    return name in _WORDS or any(part.name == asked and part.kind in words for part in listed)


def _pieces(label: str, value: str) -> Iterator[str]:
    whole = f"{label}: {value}"
    at_once = [whole[start : start + _LONGEST] for start in range(0, len(whole), _LONGEST)]
    fits = all(length(escape(one, quote=False)) <= _LONGEST + _DENSE for one in at_once)
    return iter(at_once if fits else [whole[start : start + _DENSE] for start in range(0, len(whole), _DENSE)])
