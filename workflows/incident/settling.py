"""What an override passed over is owed, and settled as soon as it is on record."""

from typing import Final

from config.policy.criteria import CriterionId
from workflows.incident import events as ev
from workflows.incident.criteria.registry import Standing, judge
from workflows.incident.situation import Proposal, Situation
from workflows.incident.terms import State

OVERRIDABLE: Final = frozenset(
    {
        (State.IDENTIFY, State.CONTAIN),
        (State.CONTAIN, State.ERADICATE),
        (State.ERADICATE, State.RECOVER),
        (State.RECOVER, State.REVIEW),
    }
)
"""The response must not be held up. Closing and dismissing can wait, and a phase is never left out."""


def settle(proposal: Proposal) -> None:
    """Settle what an override left due, when it is there now or does not apply."""
    for item in proposal.case.open_due_items:
        if item.criterion is not None and not _is_missing(proposal.situation, item.criterion):
            proposal.add(ev.DueSettled(no=item.no))


def _is_missing(situation: Situation, criterion: CriterionId) -> bool:
    judged = (item for pair in OVERRIDABLE for item in judge(situation, *pair))
    return any(item.criterion == criterion and item.standing is Standing.MISSING for item in judged)
