"""The state machine of both workflows: a table of moves, and nothing else that could move a case.

`transitions` would add a `to_<state>()` for every state, triggers by name on the model, a model whose state anybody can
write, and answers False in silence where told to. Here its model is a token that lives for one attempt and never
leaves this file; callers put in two states and get back `Allowed` or `Refused`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from transitions import Machine as Engine
from transitions import MachineError

from workflows.errors import BrokenInput, Tampered


@dataclass(frozen=True, slots=True)
class Move:
    """One way from a state to another. `back` moves return to an earlier state."""

    source: str
    target: str
    name: str
    back: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """The table has this move."""

    move: Move


@dataclass(frozen=True, slots=True)
class Refused:
    """The table has no such move. `possible` are the states that can be reached from here."""

    source: str
    target: str
    possible: tuple[str, ...]


class _Token:
    """What the engine moves: one state, for one attempt."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Machine:
    """A closed table of moves. Raises BrokenInput when built from an empty table or one with duplicates."""

    __slots__ = ("__engine", "__moves")

    def __init__(self, moves: Iterable[Move]) -> None:
        listed = tuple(moves)
        self.__moves = {(str(move.source), str(move.target)): move for move in listed}
        if not listed or len(self.__moves) != len(listed):
            message = f"expected a table of different moves, found {len(listed)}, {len(self.__moves)} of them different"
            raise BrokenInput(message)
        states = dict.fromkeys(state for pair in self.__moves for state in pair)
        self.__engine = Engine(
            model=None,
            states=list(states),
            transitions=[{"trigger": _trigger(*pair), "source": pair[0], "dest": pair[1]} for pair in self.__moves],
            initial=next(iter(states)),
            auto_transitions=False,
            ordered_transitions=False,
            ignore_invalid_triggers=False,
            queued=False,
        )

    @property
    def moves(self) -> tuple[Move, ...]:
        """The table, in its order."""
        return tuple(self.__moves.values())

    @property
    def states(self) -> tuple[str, ...]:
        """Every state that the table names."""
        return tuple(self.__engine.states)

    def moves_from(self, source: str) -> tuple[Move, ...]:
        """The moves that leave a state."""
        return tuple(move for move in self.__moves.values() if str(move.source) == str(source))

    def attempt(self, source: str, target: str) -> Allowed | Refused:
        """Whether the table lets a case go from one state to another."""
        move = self.check(source, target)
        if move is not None:
            return Allowed(move)
        return Refused(str(source), str(target), tuple(str(move.target) for move in self.moves_from(source)))

    def check(self, source: str, target: str) -> Move | None:
        """The move between two states, None when there is none."""
        event = self.__engine.events.get(_trigger(str(source), str(target)))
        if event is None:
            return None
        token = _Token(str(source))
        try:
            moved = event.trigger(token)
        except MachineError:
            return None
        if not moved or token.state != str(target):
            message = f"machine: expected a move to {target}, found {token.state}"
            raise Tampered(message)
        return self.__moves[str(source), str(target)]


def _trigger(source: str, target: str) -> str:
    """One trigger per pair, so that no name can ever stand for two moves."""
    return f"{source}>{target}"
