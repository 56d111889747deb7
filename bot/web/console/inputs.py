"""The questions of a form as HTML inputs, with what is known in them, so that the answer is what the chat reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.chat.forms.reading import read_moment, several_people
from bot.chat.reply import Field, FieldKind, Form, Option
from bot.chat.room import Room

PREFIX: Final = "f-"
"""Before the id of a field, in names and ids of a page: no field is called like an input of ours."""


class Shape(StrEnum):
    """How a question looks."""

    TEXT = "text"
    MULTILINE = "multiline"
    MOMENT = "datetime-local"
    DAY = "date"
    ONE = "one"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Choosable:
    """One option, and whether it is chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Input:
    """One question. `describedby` names the ids of its hint and its error."""

    name: str
    label: str
    shape: Shape
    hint: str
    error: str
    is_required: bool
    value: str = ""
    options: tuple[Choosable, ...] = ()

    @property
    def describedby(self) -> str:
        """The ids of what is said about it, as `aria-describedby` takes them."""
        said = {f"{self.name}-error": self.error, f"{self.name}-hint": self.hint}
        return " ".join(name for name, text in said.items() if text)


def inputs(room: Room, form: Form, errors: Mapping[str, str]) -> tuple[Input, ...]:
    """Every question of a form in its order."""
    return tuple(_input(room, field, errors.get(field.id, "")) for field in form.fields)


def _input(room: Room, field: Field, error: str) -> Input:
    shape, value, options = _SHAPES[field.kind](room, field)
    return Input(
        name=f"{PREFIX}{field.id}",
        label=field.label,
        shape=shape,
        hint=field.hint,
        error=error,
        is_required=field.required,
        value=value,
        options=options,
    )


_Shaped = tuple[Shape, str, tuple[Choosable, ...]]


def _text(_: Room, field: Field) -> _Shaped:
    return Shape.TEXT, field.value, ()


def _multiline(_: Room, field: Field) -> _Shaped:
    return Shape.MULTILINE, field.value, ()


def _choice(room: Room, field: Field) -> _Shaped:
    return _chosen(Shape.ONE, field.options, {field.value}) if field.options else _text(room, field)


def _choices(room: Room, field: Field) -> _Shaped:
    return _chosen(Shape.SEVERAL, field.options, set(field.value.split())) if field.options else _text(room, field)


def _person(room: Room, field: Field) -> _Shaped:
    return _people_of(room, Shape.ONE, [field.value] if field.value else [])


def _people(room: Room, field: Field) -> _Shaped:
    return _people_of(room, Shape.SEVERAL, several_people(field.value, room.directory))


def _people_of(room: Room, shape: Shape, named: list[str]) -> _Shaped:
    """Everybody of the policy, and whoever was named besides; a name that is nobody's stays as it was typed."""
    known = {str(one.id): one.name for one in sorted(room.policy.people, key=lambda one: one.name.casefold())}
    chosen: set[str] = set()
    for token in named:
        found = room.directory.find(token)
        value, label = (str(found.id), found.name) if found is not None else (token, token)
        known.setdefault(value, label)
        chosen.add(value)
    return _chosen(shape, [Option(value, label) for value, label in known.items()], chosen)


def _chosen(shape: Shape, options: tuple[Option, ...] | list[Option], chosen: set[str]) -> _Shaped:
    listed = {one.value: Choosable(one.value, one.label, one.value in chosen) for one in reversed(options) if one.value}
    return shape, "", tuple(reversed(listed.values()))


def _moment(room: Room, field: Field) -> _Shaped:
    """A moment on the clock of the organisation; as text where that clock could not say it exactly."""
    zone = room.policy.zone
    meant = read_moment(field.value, zone, room.now) if field.value else None
    if meant is None:
        return Shape.TEXT if field.value else Shape.MOMENT, field.value, ()
    local = meant.astimezone(zone).replace(tzinfo=None)
    text = local.isoformat(timespec="seconds" if local.second else "minutes")
    if read_moment(text, zone, room.now) != meant:
        return Shape.TEXT, meant.isoformat(), ()
    return Shape.MOMENT, text, ()


def _day(_: Room, field: Field) -> _Shaped:
    try:
        return Shape.DAY, date.fromisoformat(field.value).isoformat() if field.value else "", ()
    except ValueError:
        return Shape.TEXT, field.value, ()


_SHAPES: Final[Mapping[FieldKind, Callable[[Room, Field], _Shaped]]] = {
    FieldKind.TEXT: _text,
    FieldKind.MULTILINE: _multiline,
    FieldKind.CHOICE: _choice,
    FieldKind.TRISTATE: _choice,
    FieldKind.YES_NO: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.PERSON: _person,
    FieldKind.PEOPLE: _people,
    FieldKind.DATETIME: _moment,
    FieldKind.DATE: _day,
}
