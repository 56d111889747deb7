"""Why neither a form nor a step follows from what was typed about an incident."""

from bot.chat import agreeing, disposals, steps
from bot.chat.parser import Intent
from bot.chat.room import Room
from bot.chat.texts import agreement, common, incident, waiting
from bot.chat.typed import typed
from bot.chat.verbs import Verb
from workflows.incident.overrides import overridable
from workflows.incident.state import IncidentCase


def why(room: Room, intent: Intent, case: IncidentCase) -> str:
    """In one sentence; empty where there is one."""
    match intent.verb:
        case Verb.CONFIRM:
            return _unconfirmed(room, case)
        case Verb.EVIDENCE:
            found = typed(intent, is_open=case.state.is_open)
            # What was typed whole is decided, and its refusal recorded.
            return "" if found is None or found.direct else disposals.why_not(room, found, case)
        case Verb.AGREEMENT if not intent.rest.strip() and agreeing.is_asked(room, case):
            return agreement.asked_in_words(room.telling(case))
        case Verb.BACK if steps.is_first(case):
            return incident.nothing_before(room.t, case)
        case Verb.OVERRIDE if case.state.is_open:
            return _no_override(room, intent, case)
        case _:
            return ""


def _unconfirmed(room: Room, case: IncidentCase) -> str:
    asked = [one.number for one in case.disposals if one.number]
    return common.name_evidence(room.t, case.number, asked[0]) if asked else common.nothing_waits(room.t)


def _no_override(room: Room, intent: Intent, case: IncidentCase) -> str:
    found = typed(intent, is_open=True)
    if found is not None and found.form == "incident.override_decide":
        return waiting.no_override(room.t) if waiting.override(case) is None else ""
    if found is not None and found.direct:
        return ""  # The refusal of the step that was named says more.
    return waiting.not_overridable(room.t, case.number) if overridable(case) is None else ""
