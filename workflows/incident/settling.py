"""What an override passed over is owed, and settled as soon as it is on record."""

from typing import Final

from workflows.incident import events as ev
from workflows.incident.criteria.registry import Judgement, Standing, judge
from workflows.incident.situation import Proposal, Situation
from workflows.incident.terms import Kind, State

OVERRIDABLE: Final = (
    (State.IDENTIFY, State.CONTAIN),
    (State.CONTAIN, State.ERADICATE),
    (State.ERADICATE, State.RECOVER),
    (State.RECOVER, State.REVIEW),
)
"""The response must not be held up. Closing and dismissing can wait, and a phase is never left out."""

OWING: Final = (Kind.EVENT, Kind.INCIDENT)
"""Kinds that go this way, and owe what they passed over. What turns out to be anything else never was on it."""


def put_off(situation: Situation) -> tuple[Judgement, ...]:
    """What an override passed over and nobody supplied since, in the order of the moves."""
    case = situation.case
    due = {item.criterion for item in case.open_due_items if item.criterion is not None}
    owes = due and case.kind in OWING
    judged = (item for pair in OVERRIDABLE for item in judge(situation, *pair)) if owes else ()
    return tuple(item for item in judged if item.criterion in due and item.standing is Standing.MISSING)


def settle(proposal: Proposal) -> None:
    """Settle what an override left due, when it is there now or does not apply."""
    left = {item.criterion for item in put_off(proposal.situation)}
    for due in proposal.case.open_due_items:
        if due.criterion is not None and due.criterion not in left:
            proposal.add(ev.DueSettled(no=due.no))
