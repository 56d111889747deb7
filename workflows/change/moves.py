"""The moves of a change, as one table. Whatever is not in it cannot happen.

Up to `test` a change stands at the first gate that does not open, so it goes forward gate by gate and back to any
earlier one. The merge takes it to `deploy` from wherever it stands: it happened, and only findings follow.
"""

from itertools import pairwise
from typing import Final

from workflows.change.codes import ChangeState, MoveCause
from workflows.machine import Machine, Move

JUDGED: Final = (ChangeState.PLAN, ChangeState.DEV, ChangeState.REVIEW, ChangeState.TEST)
"""States before the merge, in order; each is left through the gate of its name."""


def _moves() -> tuple[Move, ...]:
    forward = [Move(source, target, MoveCause.ADVANCE) for source, target in pairwise(JUDGED)]
    back = [
        Move(source, target, MoveCause.FALL_BACK, back=True)
        for place, source in enumerate(JUDGED)
        for target in JUDGED[:place]
    ]
    merged = [Move(source, ChangeState.DEPLOY, MoveCause.MERGE) for source in JUDGED]
    ended = [
        Move(ChangeState.DEPLOY, ChangeState.DONE, MoveCause.FINISH),
        Move(ChangeState.DEPLOY, ChangeState.ROLLED_BACK, MoveCause.ROLL_BACK),
        # The only way out of an end: what was done is not done any more once production went back.
        Move(ChangeState.DONE, ChangeState.ROLLED_BACK, MoveCause.ROLL_BACK),
        # The record of a decision about a gate is complete when it is written.
        Move(ChangeState.PLAN, ChangeState.DONE, MoveCause.FINISH),
    ]
    given_up = [Move(source, ChangeState.CANCELLED, MoveCause.CANCEL) for source in JUDGED]
    return (*forward, *back, *merged, *ended, *given_up)


MOVES: Final = _moves()


def machine() -> Machine:
    """A machine over the table of moves."""
    return Machine(MOVES)
