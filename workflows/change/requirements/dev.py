"""Gate of the development phase: the request is open and belongs to this change (A.8.25, A.8.32)."""

from config.policy.ids import Requirement
from workflows.change.codes import (
    ROLE_AUTHOR,
    ROLE_REQUESTER,
    ChangeState,
    Fault,
    LinkSource,
    Outcome,
    Remedy,
    ResultCode,
)
from workflows.change.linking import carried, named
from workflows.change.requirements.inputs import Found, Inputs, satisfied, unknown, unread, waits, wrong
from workflows.change.result import FactUsed, Part, Result
from workflows.change.seen import RequestState
from workflows.change.state import ChangeCase


def request_open(inputs: Inputs) -> Result:
    """There is a request, it is no draft and not closed (a merged one was open until then)."""
    current = inputs.facts.current if inputs.facts else None
    if inputs.facts is None:
        details = Found(who=(ROLE_REQUESTER,), remedy=Remedy.LINK_REQUEST)
        return waits(Requirement.REQUEST_OPEN, ResultCode.NO_REQUEST, details)
    if current is None or inputs.facts.contested:
        return unread(Requirement.REQUEST_OPEN)
    if current.state is RequestState.CLOSED:
        details = Found(expected="open", found="closed", who=(ROLE_AUTHOR,), remedy=Remedy.REOPEN_REQUEST)
        return wrong(Requirement.REQUEST_OPEN, ResultCode.CLOSED, details)
    if current.draft and current.state is RequestState.OPEN:
        details = Found(expected="open", found="draft", who=(ROLE_AUTHOR,), remedy=Remedy.MARK_READY)
        return waits(Requirement.REQUEST_OPEN, ResultCode.DRAFT, details)
    used = (FactUsed(what="commit", id=current.head, source=inputs.facts.forge),)
    return satisfied(Requirement.REQUEST_OPEN, Found(expected="open", found=current.state, facts=used))


def change_linked(inputs: Inputs) -> Result:
    """The request belongs to this change, which goes on, and names no other.

    What it carries along is merged with a passed verdict.
    """
    facts = inputs.facts
    if inputs.request is None:
        details = Found(who=(ROLE_AUTHOR, ROLE_REQUESTER), remedy=Remedy.LINK_REQUEST)
        return waits(Requirement.CHANGE_LINKED, ResultCode.NO_REQUEST, details)
    if facts is None or not inputs.read:
        return unread(Requirement.CHANGE_LINKED)
    if inputs.case.stands is ChangeState.CANCELLED:
        details = Found(found=inputs.case.number, who=(ROLE_AUTHOR,), remedy=Remedy.LINK_REQUEST)
        return wrong(Requirement.CHANGE_LINKED, ResultCode.CHANGE_CANCELLED, details)
    wanted = named(facts)
    if wanted is not None and wanted.number != inputs.case.number and inputs.request.link is not LinkSource.COMMAND:
        details = Found(
            expected=inputs.case.number,
            found=wanted.number,
            who=(ROLE_AUTHOR,),
            remedy=Remedy.LINK_REQUEST,
        )
        return wrong(Requirement.CHANGE_LINKED, ResultCode.NAMES_OTHER, details)
    parts = tuple(_carried(number, inputs.related.get(number)) for number in carried(facts, inputs.case.number))
    return _with_carried(parts)


def _with_carried(parts: tuple[Part, ...]) -> Result:
    held = sorted((part for part in parts if part.outcome is not Outcome.SATISFIED), key=_gravity)
    if not held:
        return satisfied(Requirement.CHANGE_LINKED, Found(parts=parts))
    first = held[0]
    details = Found(found=first.subject, who=(ROLE_REQUESTER,), remedy=Remedy.FINISH_CARRIED, parts=parts)
    if first.fault is Fault.WRONG:
        return wrong(Requirement.CHANGE_LINKED, first.code, details)
    if first.fault is None:
        return unknown(Requirement.CHANGE_LINKED, first.code, details)
    return waits(Requirement.CHANGE_LINKED, first.code, details)


def _gravity(part: Part) -> int:
    """What is wrong counts before what is unknown, and that before what is only waited for."""
    return (Fault.WRONG, None, Fault.WAITS).index(part.fault)


def _carried(number: str, change: ChangeCase | None) -> Part:
    if change is None:
        return Part(subject=number, outcome=Outcome.UNKNOWN, code=ResultCode.CARRIED_UNKNOWN)
    if not change.merged:
        return Part(
            subject=number, outcome=Outcome.NOT, code=ResultCode.CARRIED_UNMERGED, fault=Fault.WAITS, found=change.state
        )
    if not all(request.frozen and request.frozen.opens for request in change.requests):
        return Part(subject=number, outcome=Outcome.NOT, code=ResultCode.CARRIED_UNPASSED, fault=Fault.WRONG)
    return Part(subject=number, outcome=Outcome.SATISFIED, code=ResultCode.MET)
