"""The form of an id as it is asked now, with what was typed already."""

from collections.abc import Mapping

from bot.chat import steps
from bot.chat.forms import change_ask, incident_ask
from bot.chat.forms.opening import OPENS
from bot.chat.forms.phases import TARGETS
from bot.chat.reply import Form
from bot.chat.room import Room
from workflows.change.state import ChangeCase
from workflows.incident.state import IncidentCase
from workflows.workflow import Case


def form(room: Room, form_id: str, case: Case | None, values: Mapping[str, str]) -> Form | None:
    """None for a form that there is not, or that is about another kind of case."""
    questions = room.questions(values)
    if form_id in OPENS:
        return OPENS[form_id](questions)
    if isinstance(case, IncidentCase) and form_id in TARGETS:
        return steps.form(room, form_id, case, steps.missing(room, form_id, case), values)
    if isinstance(case, IncidentCase) and form_id in incident_ask.ASK:
        return incident_ask.ASK[form_id](questions, case)
    if isinstance(case, ChangeCase) and form_id in change_ask.ASK:
        return change_ask.ASK[form_id](questions, case)
    return None
