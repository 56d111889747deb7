"""What was recorded about an emergency and what it leaves to be done, one short sentence per entry."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.texts import common, requests, requirements, terms
from bot.chat.texts.telling import Telling
from workflows.change import emergency_events as e
from workflows.change.codes import EmergencyEnd, Escalation, Settlement
from workflows.change.emergency import Owed
from workflows.events import Event, Recorded, plain


def _opened(x: Telling, item: Recorded, event: e.EmergencyOpened) -> str:
    due = x.t.datetime(event.second_due, x.zone)
    text = x.t.gettext(
        "EMERGENCY asked for by {who}: {request} at {commit} is let through once a second person agrees."
    )
    if event.alone:
        text = x.t.gettext("EMERGENCY by {who}: {request} at {commit} is let through, and this commit alone.")
    told = text.format(who=x.who(item.by), request=requests.name(event), commit=event.head[:7])
    reason = x.t.gettext("Reason: {reason}").format(reason=common.one_line(plain(event.reason)))
    second = x.t.gettext("A second person has until {due}.").format(due=due)
    return f"{told} {second} {reason}"


def _confirmed(x: Telling, item: Recorded, _event: e.EmergencyConfirmed) -> str:
    return x.t.gettext("{who} confirms the emergency of {number} as second person.").format(
        who=x.who(item.by), number=x.case.number
    )


def _ended(x: Telling, item: Recorded, event: e.EmergencyEnded) -> str:
    if event.end is EmergencyEnd.UNCONFIRMED:
        text = x.t.gettext("The emergency of {number} has ended: no second person confirmed it in time.")
        return text.format(number=x.case.number)
    return x.t.gettext("{who} ends the emergency of {number}: {reason}").format(
        who=x.who(item.by), number=x.case.number, reason=common.one_line(plain(event.reason))
    )


def _linked(x: Telling, _item: Recorded, event: e.EmergencyLinked) -> str:
    return x.t.gettext("The emergency of {number} belongs to {incident}.").format(
        number=x.case.number, incident=common.one_line(plain(event.incident), 40)
    )


def _owed(x: Telling, _item: Recorded, event: e.RequirementOwed) -> str:
    return x.t.gettext("Skipped and due afterwards: {name}.").format(name=requirements.label(x.t, event.requirement))


def _settled(x: Telling, item: Recorded, event: e.RequirementSettled) -> str:
    known = next((one for one in x.case.owed if one.id == event.owed), None)
    return f"{x.who(item.by)}: {_name(x, known)}, {terms.name(x.t, Settlement(event.settlement))}."


def _name(x: Telling, known: Owed | None) -> str:
    return requirements.label(x.t, known.requirement) if known else "—"


def _demanded(x: Telling, _item: Recorded, event: e.RetrospectiveDemanded) -> str:
    return x.t.gettext("A retrospective review is due by {due}.").format(due=x.t.datetime(event.due, x.zone))


def _escalated(x: Telling, _item: Recorded, event: e.RetrospectiveEscalated) -> str:
    text = x.t.gettext("The retrospective review of {number} is late.")
    if event.to is Escalation.ISB:
        text = x.t.gettext("The retrospective review of {number} is still not held; it goes to the ISB.")
    return text.format(number=x.case.number)


def _held(x: Telling, item: Recorded, event: e.RetrospectiveHeld) -> str:
    text = x.t.gettext("{who} has reviewed {number}: it was not justified.")
    if event.justified:
        text = x.t.gettext("{who} has reviewed {number}: it was justified.")
    return text.format(who=x.who(item.by), number=x.case.number)


def _cleared(x: Telling, _item: Recorded, event: e.FindingCleared) -> str:
    return x.t.gettext("No finding after all: the commit is the merge of {request}.").format(
        request=requests.name(event)
    )


EMERGENCY_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {
    e.EmergencyOpened: _opened,
    e.EmergencyConfirmed: _confirmed,
    e.EmergencyEnded: _ended,
    e.EmergencyLinked: _linked,
    e.RequirementOwed: _owed,
    e.RequirementSettled: _settled,
    e.RetrospectiveDemanded: _demanded,
    e.RetrospectiveEscalated: _escalated,
    e.RetrospectiveHeld: _held,
    e.FindingCleared: _cleared,
}
"""Part of the sentences about changes."""
