"""Builds the questions of forms in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.forms.reading import NO, YES
from bot.chat.reply import Button, Field, FieldKind, Form, Option
from bot.chat.texts import common, fields, terms
from config.i18n import Translator
from config.policy.base import Titled
from config.policy.models import Policy


@dataclass(frozen=True, slots=True)
class Questions:
    """One reader's questions. Each method gives one field; `values` are answers that are known already."""

    t: Translator
    policy: Policy
    values: Mapping[str, str]

    def ask(self, field: str, kind: FieldKind, *, required: bool = False, options: Sequence[Option] = ()) -> Field:
        """A field whose label and hint stand among the texts."""
        return Field(
            id=field,
            label=fields.label(self.t, field),
            kind=kind,
            hint=fields.hint(self.t, field),
            required=required,
            options=tuple(options),
            value=self.values.get(field, ""),
        )

    def line(self, field: str, *, required: bool = False) -> Field:
        """One line of text."""
        return self.ask(field, FieldKind.TEXT, required=required)

    def text(self, field: str, *, required: bool = False) -> Field:
        """A few lines of text."""
        return self.ask(field, FieldKind.MULTILINE, required=required)

    def choice(self, field: str, of: Iterable[StrEnum], *, required: bool = False) -> Field:
        """One of a closed list."""
        return self.ask(field, FieldKind.CHOICE, required=required, options=self.options(of))

    def choices(self, field: str, of: Iterable[StrEnum], extra: Sequence[Option] = ()) -> Field:
        """Several of a closed list."""
        return self.ask(field, FieldKind.CHOICES, options=(*self.options(of), *extra))

    def listed(self, field: str, of: Iterable[Titled], *, required: bool = False) -> Field:
        """One of a list of the policy."""
        options = [Option(one.id, one.title(self.t.language)) for one in of]
        return self.ask(field, FieldKind.CHOICE, required=required, options=options)

    def named(self, field: str, of: Iterable[str], *, required: bool = False) -> Field:
        """One of these names, shown as they are."""
        return self.ask(field, FieldKind.CHOICE, required=required, options=[Option(one, one) for one in of])

    def labelled(self, field: str, of: Mapping[str, str], *, required: bool = False) -> Field:
        """One of these values, each with its label."""
        options = [Option(value, label) for value, label in of.items()]
        return self.ask(field, FieldKind.CHOICE, required=required, options=options)

    def yes_no(self, field: str, *, required: bool = False) -> Field:
        """Yes or no."""
        options = (Option(YES, self.t.gettext("yes")), Option(NO, self.t.gettext("no")))
        return self.ask(field, FieldKind.YES_NO, required=required, options=options)

    def person(self, field: str, *, required: bool = False) -> Field:
        """One person."""
        return self.ask(field, FieldKind.PERSON, required=required)

    def people(self, field: str) -> Field:
        """Several persons."""
        return self.ask(field, FieldKind.PEOPLE)

    def moment(self, field: str, *, required: bool = False) -> Field:
        """Date and time."""
        return self.ask(field, FieldKind.DATETIME, required=required)

    def day(self, field: str, *, required: bool = False) -> Field:
        """A date."""
        return self.ask(field, FieldKind.DATE, required=required)

    def options(self, of: Iterable[StrEnum]) -> tuple[Option, ...]:
        """The members of a closed list as options."""
        return tuple(Option(member.value, terms.name(self.t, member)) for member in of)

    def form(
        self,
        form_id: str,
        asked: Iterable[Field],
        *,
        case: str = "",
        notice: str = "",
        buttons: tuple[Button, ...] = (),
        submit: str = "",
    ) -> Form:
        """The form of these fields."""
        return Form(
            id=form_id,
            title=fields.title(self.t, form_id),
            submit=submit or common.send(self.t),
            fields=tuple(asked),
            case=case,
            notice=notice,
            buttons=buttons,
        )
