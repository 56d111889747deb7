"""The agreement of the service owner in conversation: who asks for it, who gives it, and what the form shows of it."""

from dataclasses import replace
from typing import Final

from bot.chat.forms.parts import field_id, parts_of
from bot.chat.reply import Button, Field, FieldKind, Form, Option
from bot.chat.room import Room
from bot.chat.texts import agreement, next_steps
from config.i18n import Translator
from config.policy.ids import Criterion
from workflows.events import Recorded
from workflows.incident.agreement import is_wanted
from workflows.incident.owner_commands import AskOwner
from workflows.incident.owner_effects import agrees_in_person
from workflows.incident.owner_events import OwnerHesitates
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State

ACTION: Final = "incident.agreement"
NOT_YET: Final = "incident.agreement_not_yet"
_CRITERION: Final = Criterion.SERVICE_OWNER_AGREES
_FIELD: Final = field_id(_CRITERION, parts_of(_CRITERION)[0])


def asks(room: Room, case: IncidentCase) -> tuple[Button, ...]:
    """Asks a service owner, for whoever may, as long as the agreement is missing."""
    missing = is_wanted(case) and not case.backfill and _CRITERION not in case.answers
    return (ask_button(room.t, case),) if missing and room.may(AskOwner, case) else ()


def ask_button(t: Translator, case: IncidentCase) -> Button:
    """Opens the choice of whom to ask."""
    return Button(ACTION, next_steps.label(t, ACTION), case.number)


def is_asked(room: Room, case: IncidentCase) -> bool:
    """Whether the reader is who was asked."""
    return case.state.is_open and case.owner_asked is not None and room.is_me(case, case.owner_asked.person)


def answers(room: Room, case: IncidentCase) -> tuple[Button, ...]:
    """For who is asked."""
    return decision(room.t, case) if is_asked(room, case) else ()


def decision(t: Translator, case: IncidentCase) -> tuple[Button, ...]:
    """Agrees, or says why not yet."""
    return (Button(ACTION, next_steps.agree(t), f"{case.number} yes", primary=True), _not_yet(t, case))


def _not_yet(t: Translator, case: IncidentCase) -> Button:
    return Button(ACTION, next_steps.agree_not_yet(t), f"{case.number} not yet")


def is_word(item: Recorded) -> bool:
    """Whether a service owner says something that whoever leads waits for."""
    return agrees_in_person(item) or isinstance(item.event, OwnerHesitates)


def after(t: Translator, case: IncidentCase, item: Recorded) -> tuple[Button, ...]:
    """What their word makes possible, for whoever leads."""
    if isinstance(item.event, OwnerHesitates):
        return (ask_button(t, case),)
    if not agrees_in_person(item) or case.state is not State.RECOVER:
        return ()
    return (Button("incident.review", next_steps.label(t, "incident.review"), case.number, primary=True),)


def shown(room: Room, case: IncidentCase, form: Form, *, own: bool) -> Form:
    """The form with who was asked under its field, and a button to ask.

    `own`: of somebody who only answers what is theirs. A service owner agrees for themselves there; naming who agreed
    is for whoever leads.
    """
    field = next((one for one in form.fields if one.id == _FIELD), None)
    if field is None:
        return form
    told = agreement.stands(room.telling(case))
    person, buttons = room.actor.person, () if own else asks(room, case)
    if own and person is not None:
        field = _own(room, field, person.id)
        buttons = (_not_yet(room.t, case),) if is_asked(room, case) else ()
    elif told:
        field = replace(field, hint=f"{told.rstrip('.')}.")
    fields = tuple(field if one.id == _FIELD else one for one in form.fields)
    return replace(form, fields=fields, buttons=(*buttons, *form.buttons))


def _own(room: Room, field: Field, me: str) -> Field:
    """One's own agreement, to be chosen or left open."""
    option, kept = Option(me, next_steps.agree(room.t)), field.value if field.value == me else ""
    return replace(field, kind=FieldKind.CHOICE, options=(option,), value=kept, hint=agreement.question(room.t))
