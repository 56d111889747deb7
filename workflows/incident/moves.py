"""Every move an incident can make. No other exists; an incident never skips a phase forward."""

from typing import Final

from workflows.incident.terms import State
from workflows.machine import Machine, Move

MOVES: Final = (
    Move(State.IDENTIFY, State.CONTAIN, "contain"),
    Move(State.IDENTIFY, State.DISMISSED, "dismiss"),
    Move(State.IDENTIFY, State.REVIEW, "near_miss"),
    Move(State.CONTAIN, State.ERADICATE, "eradicate"),
    Move(State.ERADICATE, State.RECOVER, "recover"),
    Move(State.RECOVER, State.REVIEW, "review"),
    Move(State.REVIEW, State.CLOSED, "close"),
    # back, each with a reason
    Move(State.CONTAIN, State.IDENTIFY, "back", back=True),
    Move(State.ERADICATE, State.CONTAIN, "back", back=True),
    Move(State.ERADICATE, State.IDENTIFY, "back", back=True),
    Move(State.RECOVER, State.ERADICATE, "back", back=True),
    Move(State.RECOVER, State.CONTAIN, "back", back=True),
    Move(State.REVIEW, State.RECOVER, "back", back=True),
    Move(State.REVIEW, State.IDENTIFY, "back", back=True),
    Move(State.CLOSED, State.REVIEW, "reopen", back=True),
    Move(State.DISMISSED, State.IDENTIFY, "reopen", back=True),
)

MACHINE: Final = Machine(MOVES)


def ways_back(state: State, *, near_miss: bool) -> tuple[State, ...]:
    """Where an open case can go back to: a near miss from `review` to `identify`, an incident to `recover`."""
    found = tuple(State(move.target) for move in MACHINE.moves_from(state) if move.back) if state.is_open else ()
    other = State.RECOVER if near_miss else State.IDENTIFY
    return tuple(one for one in found if state is not State.REVIEW or one is not other)


RESPONSE: Final = (State.IDENTIFY, State.CONTAIN, State.ERADICATE, State.RECOVER, State.REVIEW, State.CLOSED)
"""The way of an incident from start to end."""

NEAR_MISS: Final = (State.IDENTIFY, State.REVIEW, State.CLOSED)
"""The way of a near miss (Beinahevorfall)."""


def way_between(way: tuple[State, ...], source: State, target: State) -> tuple[State, ...]:
    """The states after `source` up to `target` along a way; empty when `target` does not lie ahead."""
    if source not in way or target not in way:
        return ()
    return way[way.index(source) + 1 : way.index(target) + 1]
