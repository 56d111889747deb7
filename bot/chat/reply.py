"""What the bot answers, free of any surface: Slack makes blocks of it, the terminal makes lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """Who reads a reply: only who asked, or the channel in which they asked."""

    EPHEMERAL = "ephemeral"
    CHANNEL = "channel"


class FieldKind(StrEnum):
    """How a value is asked for. `TRISTATE`: yes, no, unknown. `CHOICES` and `PEOPLE`: several, a blank between."""

    TEXT = "text"
    MULTILINE = "multiline"
    CHOICE = "choice"
    CHOICES = "choices"
    DATETIME = "datetime"
    DATE = "date"
    PERSON = "person"
    PEOPLE = "people"
    TRISTATE = "tristate"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `value` is what the command gets, `label` what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `id` is a criterion or an argument of the command; `value` what is known already."""

    id: str
    label: str
    kind: FieldKind
    hint: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A next step. `action` is a verb id (`incident.contain`), `value` the case and what else it needs, or a link."""

    action: str
    label: str
    value: str = ""
    url: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of more than fit beside each other. What is chosen says what a button would: `value` of its option."""

    action: str
    label: str
    options: tuple[Option, ...]

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The same as buttons, for surfaces without lists."""
        return tuple(Button(self.action, one.label, one.value) for one in self.options)


@dataclass(frozen=True, slots=True)
class Form:
    """Questions that end in one command. `id` names the command, `case` the number it is about (empty: a new one)."""

    id: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    case: str = ""
    notice: str = ""
    buttons: tuple[Button, ...] = ()
    made: datetime | None = None
    """When it was made: what others did to the case since then is not undone by it."""
    page: tuple[str, ...] = ()
    """What has to be seen before the form is sent. With it a form may ask nothing: sending it is the answer."""

    @property
    def about(self) -> str:
        """What a surface carries along and gives back when the form is sent: the case, and when the form was made."""
        return f"{self.case}@{self.made.isoformat()}" if self.case and self.made else self.case

    def filled(self, values: Mapping[str, str]) -> "Form":
        """The form with these answers in it, so that nothing has to be typed twice."""
        fields = tuple(replace(one, value=values.get(one.id) or one.value) for one in self.fields)
        return replace(self, fields=fields)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few sentences of plain text, with the buttons that belong to them."""

    text: str
    buttons: tuple[Button, ...] = ()
    channels: tuple[str, ...] = ()
    """Ids of channels that stand in the text: a surface that has them shows their names."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value, shown in columns where the surface has them."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. All texts are plain; the surface escapes them. `receipts` stand at the end of it."""

    paragraphs: tuple[Paragraph, ...] = ()
    facts: tuple[Fact, ...] = ()
    buttons: tuple[Button, ...] = ()
    form: Form | None = None
    audience: Audience = Audience.EPHEMERAL
    receipts: tuple[str, ...] = ()
    case: str = ""
    choice: Choice | None = None
    spent: str = ""
    """What stands instead of the pressed button from now on, for everybody: it can do nothing any more."""

    @property
    def text(self) -> str:
        """The whole answer as one text, for notifications and logs of a terminal."""
        lines = [paragraph.text for paragraph in self.paragraphs]
        lines += [f"{fact.label}: {fact.value}" for fact in self.facts]
        return "\n".join([*lines, *(" ".join(self.receipts),)]).strip()


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """Answers that cannot stand, each with its text under its field. What was typed stays where it is."""

    errors: Mapping[str, str] = field(default_factory=dict)


def say(*texts: str, buttons: tuple[Button, ...] = (), audience: Audience = Audience.EPHEMERAL) -> Reply:
    """A reply of plain paragraphs."""
    return Reply(paragraphs=tuple(Paragraph(text) for text in texts if text), buttons=buttons, audience=audience)
