"""Overrides in conversation: whether there is one to decide on, and a step that one can make."""

from bot.chat.parser import Intent
from bot.chat.room import Room
from bot.chat.texts import waiting
from bot.chat.typed import typed
from workflows.incident.overrides import overridable
from workflows.incident.state import IncidentCase


def nothing(room: Room, intent: Intent, case: IncidentCase) -> str:
    """Why there is no form for what was typed; empty where there is one."""
    found = typed(intent, is_open=True)
    if found is not None and found.form == "incident.override_decide":
        return waiting.no_override(room.t) if waiting.override(case) is None else ""
    if found is not None and found.direct:
        return ""  # The refusal of the step that was named says more.
    return waiting.not_overridable(room.t, case.number) if overridable(case) is None else ""
