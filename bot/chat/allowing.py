"""What the asker may do to a case, known before a form opens and before the case is offered.

A form that ends in a refusal costs whoever fills it the time and the text (A.5.15 asks for the refusal, not for that).
"""

from dataclasses import replace

from bot.chat import agreeing, answering, disposals, steps, typed_back
from bot.chat.commanding import DEPLOY_WORDS, simple
from bot.chat.forms import change_read, incident_read, phases
from bot.chat.forms.phases import TARGETS
from bot.chat.forms.reading import Reading
from bot.chat.measure import BUTTON_CARRIES, length
from bot.chat.parser import Intent
from bot.chat.reply import Button, FieldErrors, Reply, say
from bot.chat.room import Room
from bot.chat.texts import next_steps
from bot.chat.typed import Typed, plan, typed
from bot.chat.verbs import FREE_TEXT, Verb, fold
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.incident.agreement import AGREES, may_agree
from workflows.incident.commands import Note
from workflows.incident.decide import untimely
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import is_waiting
from workflows.outcome import Refused
from workflows.workflow import Case


def command_of(room: Room, form_id: str, reading: Reading, case: Case | None) -> Command | None:
    """The command of a form; None for a form that is about something else than this case."""
    number = case.number if case else ""
    if form_id in TARGETS:
        return _step(room, form_id, reading, case) if isinstance(case, IncidentCase) else None
    if form_id in incident_read.READ and (case is None or isinstance(case, IncidentCase)):
        return incident_read.READ[form_id](reading, number)
    if form_id in change_read.READ and (case is None or isinstance(case, ChangeCase)):
        return change_read.READ[form_id](reading, number)
    return None


def _step(room: Room, form_id: str, reading: Reading, case: IncidentCase) -> Command:
    command = phases.read(form_id, reading, case.number)
    if steps.is_late(form_id, case):
        return phases.answers_of(command)
    return phases.without_move(command) if steps.only_answers(room, form_id, case) else command


def typed_for(intent: Intent, case: Case) -> Typed | None:
    """What was typed after a verb, for this case."""
    if intent.verb is Verb.PLAN:
        return plan(intent.rest, known=True)
    if intent.verb is Verb.APPROVE:
        return Typed("change.deploy") if fold(intent.rest.strip()) in DEPLOY_WORDS else None
    return typed(intent, is_open=not isinstance(case, IncidentCase) or case.state.is_open)


def refusal(room: Room, command: type[Command], case: Case) -> Refused | None:
    """Why the asker cannot do it whatever they fill in: their roles, or the time for it. Records nothing."""
    # That the case is over comes first: no role of an open case would help.
    out_of_time = untimely(case, command) if isinstance(case, IncidentCase) else None
    reason = out_of_time or room.refusal(command, case)
    return None if reason is None else Refused((reason,), case)


def before_form(room: Room, form_id: str, case: Case | None) -> Refused | None:
    """The same for the command that a form ends in."""
    command = command_of(room, form_id, room.reading({}, case), case) if case is not None else None
    return refusal(room, type(command), case) if command is not None and case is not None else None


def note_button(room: Room, case: Case | None, text: str) -> tuple[Button, ...]:
    """Puts what was typed onto the timeline; none where the asker may not, or where it takes more than a button."""
    if not isinstance(case, IncidentCase) or refusal(room, Note, case) is not None:
        return ()
    value = f"{case.number} {text}"
    return (Button("incident.note", next_steps.as_note(room.t), value),) if length(value) <= BUTTON_CARRIES else ()


def as_note(room: Room, reply: Reply, intent: Intent | None, case: Case | None) -> Reply:
    """What was typed goes along with the button for a note: who may not record it otherwise types it once.

    Where there is no such button, a sentence is given back.
    """
    if intent is None or case is None or intent.verb not in FREE_TEXT:
        return reply
    noted = any(one.action == "incident.note" for one in reply.buttons)
    if not noted or length(intent.rest) > BUTTON_CARRIES:
        said = typed_back.lost(room, {"text": intent.rest}) if len(intent.rest.split()) > 1 else ()
        return replace(reply, paragraphs=(*reply.paragraphs, *said))
    buttons = (
        replace(one, value=f"{one.value} {intent.rest}".strip()) if one.action == "incident.note" else one
        for one in reply.buttons
    )
    return replace(reply, buttons=tuple(buttons))


def told_at_once(
    room: Room, form_id: str, done: Reply | FieldErrors, case: Case | None, intent: Intent | None
) -> Reply | None:
    """The answer to what was typed in one line; None where a form has to ask for more."""
    if isinstance(done, Reply):
        told = replace(done, form=None) if done.paragraphs else done
        return told if before_form(room, form_id, case) is None else as_note(room, told, intent, case)
    if isinstance(case, IncidentCase) and answering.is_so_already(room, done):
        return say(*dict.fromkeys(done.errors.values()), buttons=steps.onward_for(room, case))
    return None


def fits(room: Room, intent: Intent, case: Case) -> bool:
    """Whether the asker may do this to the case, and whether there is such a thing to do."""
    command = simple(intent, case)
    if command is not None:
        return refusal(room, type(command), case) is None and _is_due(room, intent.verb, case)
    if not isinstance(case, IncidentCase) or (intent.verb is Verb.AGREEMENT and agreeing.is_asked(room, case)):
        return True
    found = typed_for(intent, case)
    if found is None:
        return intent.verb is not Verb.CONFIRM
    if found.form == agreeing.NOT_YET or disposals.why_not(room, found, case):
        return False
    form_id = steps.form_id_for(found.form, case)
    if (form_id in TARGETS and not steps.leads(form_id, case)) or (intent.verb is Verb.BACK and steps.is_first(case)):
        return False
    return before_form(room, form_id, case) is None


def _is_due(room: Room, verb: Verb, case: Case) -> bool:
    if not isinstance(case, IncidentCase):
        return True
    match verb:
        case Verb.ACK:
            return steps.is_unattended(case)
        case Verb.CANT:
            return is_waiting(case)
        case Verb.AGREEMENT:
            return AGREES not in case.answers and may_agree(case, asked=agreeing.is_asked(room, case))
        case Verb.URGENT:
            return not (case.wants_channel or case.backfill)
        case _:
            return True
