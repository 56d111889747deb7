"""Requests to destroy evidence that wait for a second person: who can answer, with which buttons (A.5.28, A.5.3).

None of the buttons destroys a file: that cannot be taken back, so it is typed, with the number of the item.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.chat.forms import disposal as forms
from bot.chat.parser import Intent, case_number
from bot.chat.reply import Button, Paragraph
from bot.chat.room import Room
from bot.chat.texts import common, evidence_events, next_steps, refusal
from bot.chat.texts.told import Telling
from bot.chat.typed import Typed
from bot.chat.verbs import Topic, Verb
from config.i18n import Translator
from config.policy.ids import Role
from workflows.decisions import Reason
from workflows.events import Event
from workflows.incident import disposal
from workflows.incident.codes import Code
from workflows.incident.evidence_commands import RefuseDisposal
from workflows.incident.evidence_events import DisposalAsked
from workflows.incident.items import Evidence
from workflows.incident.state import IncidentCase

_ACTION: Final = "incident.evidence"


def placed(room: Room, intent: Intent) -> Intent:
    """The number of an item says which case is meant; a bare number before these words is that of the case."""
    if intent.topic is not Topic.INCIDENT or intent.verb not in (Verb.EVIDENCE, Verb.CONFIRM) or intent.case:
        return intent
    first, _, tail = intent.rest.strip().partition(" ")
    named = case_number(first, Topic.INCIDENT, room.years) if intent.verb is Verb.EVIDENCE else ""
    rest = tail.strip() if named else intent.rest
    words = forms.read_words(rest)
    if named:
        return replace(intent, case=named, rest=rest) if words is not None else intent
    number = forms.number_in(rest) if intent.verb is Verb.CONFIRM else words[1][forms.ITEM] if words else ""
    case = room.queries.case_of_evidence(number, room.actor) if number else None
    return replace(intent, case=case.number) if case is not None else intent


def answers(t: Translator, case: IncidentCase, event: Event) -> tuple[Button, ...]:
    """Under a message that many read: whoever presses is asked for their own rights. None once it is decided."""
    no = event.no if isinstance(event, DisposalAsked) else 0
    item = next((one for one in case.disposals if one.no == no and one.number), None)
    return _buttons(t, case, item) if item is not None else ()


def _buttons(t: Translator, case: IncidentCase, item: Evidence) -> tuple[Button, Button]:
    refuse = Button(_ACTION, next_steps.refuse(t), f"{case.number} refuse {item.number}")
    return refuse, Button(_ACTION, next_steps.withdraw(t), f"{case.number} withdraw {item.number}")


def lines(x: Telling) -> tuple[str, ...]:
    """Each request that waits."""
    return tuple(evidence_events.to_be_destroyed(x, one) for one in x.case.disposals)


def rows(room: Room, case: IncidentCase) -> Iterator[Paragraph]:
    """Each request that waits, with what the reader can do about it."""
    for item in case.disposals:
        told = evidence_events.to_be_destroyed(room.telling(case), item)
        yield Paragraph(told, _own(room, case, item) if item.number else ())


def waits_for(room: Room, case: IncidentCase) -> tuple[Paragraph, ...]:
    """The requests that the reader can decide on."""
    told = zip(case.disposals, rows(room, case), strict=True)
    return tuple(row for item, row in told if _decides(room, case, item))


def why_not(room: Room, found: Typed, case: IncidentCase) -> str:
    """Why a form about the end of evidence is not worth opening; empty where it is, and for all others."""
    if found.form not in forms.ASKS:
        return ""
    number = found.values[forms.ITEM]
    if not number:
        waits = bool(case.disposals) or found.form == forms.ASK
        return "" if waits else evidence_events.none_to_be_destroyed(room.t)
    no = forms.item_no(case, number)
    item = next((one for one in case.evidence if one.no == no), None)
    if item is None:
        return common.no_such_evidence(room.t)
    reason = _against(room, found.form, case, item)
    return refusal.line(room.explaining(case), reason) if reason is not None else ""


def _against(room: Room, form_id: str, case: IncidentCase, item: Evidence) -> Reason | None:
    ended = disposal.over(item)
    if form_id == forms.ASK:
        return ended if item.disposed_at is not None else None
    if ended is not None:
        return ended
    if form_id == forms.WITHDRAW:
        return None if _can_withdraw(room, case, item) else disposal.not_theirs(room.policy, item)
    unauthorised = room.refusal(RefuseDisposal, case)
    if unauthorised is not None or _decides(room, case, item):
        return unauthorised
    return Reason(Code.SECOND_PERSON, disposal.RULE.value, who=tuple(role.value for role in _deciders(room)))


def _own(room: Room, case: IncidentCase, item: Evidence) -> tuple[Button, ...]:
    refuse, withdraw = _buttons(room.t, case, item)
    able = ((refuse, _decides(room, case, item)), (withdraw, _can_withdraw(room, case, item)))
    return tuple(button for button, can in able if can)


def _decides(room: Room, case: IncidentCase, item: Evidence) -> bool:
    allowed = room.may(RefuseDisposal, case) and room.actor.has(*_deciders(room))
    return allowed and not room.is_me(case, item.disposal_asked_by)


def _deciders(room: Room) -> tuple[Role, ...]:
    return tuple(room.policy.second_persons[disposal.RULE].roles)


def _can_withdraw(room: Room, case: IncidentCase, item: Evidence) -> bool:
    asked = room.is_me(case, item.disposal_asked_by)
    return disposal.may_withdraw(room.policy, item, room.roles(case), asked=asked)
