"""A request that came before and was carried out: it is answered from the record, as the first one was."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.chat import answering, deploying, steps
from bot.chat.forms.phases import TARGETS
from bot.chat.reply import Reply, say
from bot.chat.room import Room
from bot.chat.texts import common
from workflows.change.events import DeployAsked
from workflows.change.state import ChangeCase
from workflows.events import plain
from workflows.incident.events import Moved
from workflows.incident.state import IncidentCase
from workflows.outcome import Accepted, Kept, Refused
from workflows.requests import Done

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def answer(room: Room, request: str, form_id: str = "", values: Mapping[str, str] = _NONE) -> Reply | None:
    """The answer of the first request, whatever happened since; None for one that did not come before, or in vain.

    `form_id` and `values`: the form that was sent, empty for anything else.
    """
    done = room.queries.done(request) if request else None
    return told(room, done, form_id, values) if done is not None else None


def told(room: Room, done: Done, form_id: str = "", values: Mapping[str, str] = _NONE) -> Reply:
    """What it led to, told as the first time; nothing of a case that the asker may see no more."""
    case = room.queries.case(done.number, room.actor)
    if case is None:
        return say(common.nothing_to_show(room.t, done.number))
    found = room.queries.recorded(case, done.first, done.last)
    outcome = Accepted(case, tuple(step for step, _ in found), tuple(Kept(receipt) for _, receipt in found))
    asked = [one.event for one in outcome.recorded if isinstance(one.event, DeployAsked)]
    if asked and isinstance(case, ChangeCase):
        return deploying.page(room, case, plain(asked[0].environment), outcome)
    held = _held_back(room, case, outcome, form_id, values) if isinstance(case, IncidentCase) else None
    return held or answering.accepted(room, outcome)


def _held_back(
    room: Room, case: IncidentCase, outcome: Accepted, form_id: str, values: Mapping[str, str]
) -> Reply | None:
    """The refusal of a step whose answers were kept, with what is missing for it now; None for anything else."""
    moved = any(isinstance(one.event, Moved) for one in outcome.recorded)
    if form_id not in TARGETS or moved or not steps.is_way(form_id, case) or steps.only_answers(room, form_id, case):
        return None
    reasons = steps.missing(room, form_id, case)
    if not reasons:
        return None
    form = steps.form(room, form_id, case, reasons, values)
    refused = Refused(reasons, case, outcome.recorded, outcome.entries)
    found = answering.refused(room, refused, form_id, form, values, case)
    return found if isinstance(found, Reply) else None
