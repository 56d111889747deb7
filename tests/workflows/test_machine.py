"""The machine: only its table moves anything, and the back doors of the library behind it are shut."""

from itertools import product

import pytest

from workflows.errors import BrokenInput
from workflows.incident.moves import MACHINE as INCIDENT
from workflows.incident.terms import State
from workflows.machine import Allowed, Machine, Move, Refused

TABLE = (Move("open", "half", "start"), Move("half", "done", "finish"), Move("half", "open", "back", back=True))


@pytest.fixture
def machine() -> Machine:
    return Machine(TABLE)


def test_what_the_table_has_is_allowed_and_nothing_else(machine: Machine) -> None:
    allowed = {(move.source, move.target): move for move in TABLE}
    for source, target in product(machine.states, repeat=2):
        assert machine.check(source, target) == allowed.get((source, target))
        found = machine.attempt(source, target)
        assert isinstance(found, Allowed if (source, target) in allowed else Refused)


def test_a_refusal_says_what_is_possible(machine: Machine) -> None:
    assert machine.attempt("half", "half") == Refused("half", "half", ("done", "open"))
    assert machine.attempt("done", "open") == Refused("done", "open", ())


def test_an_unknown_state_is_refused(machine: Machine) -> None:
    assert machine.check("open", "nowhere") is None
    assert machine.check("nowhere", "open") is None
    assert machine.attempt("nowhere", "open") == Refused("nowhere", "open", ())


def test_a_trigger_cannot_be_reached_by_name(machine: Machine) -> None:
    reachable = {name for name in dir(machine) if not name.startswith("__")}
    assert {name for name in reachable if not name.startswith("_Machine__")} == {
        "attempt", "check", "moves", "moves_from", "states",
    }  # fmt: skip
    for name in ("to_done", "to_open", "trigger", "start", "finish", "may_start", "state", "model", "models"):
        assert not hasattr(machine, name)
    with pytest.raises(AttributeError):
        machine.state = "done"  # type: ignore[attr-defined]


def test_the_engine_behind_keeps_no_model_and_no_shortcuts(machine: Machine) -> None:
    engine = machine._Machine__engine  # type: ignore[attr-defined]
    assert engine.models == []
    assert engine.auto_transitions is False
    assert engine.ignore_invalid_triggers is False
    assert engine.has_queue is False
    assert [name for name in engine.events if name.startswith("to_") or "next_state" in name] == []
    machine.check("open", "half")
    assert engine.models == []


def test_a_trigger_never_answers_false_in_silence(machine: Machine) -> None:
    assert machine.check("done", "half") is None
    assert machine.check("open", "half") == TABLE[0]


def test_an_attempt_leaves_nothing_behind(machine: Machine) -> None:
    for _ in range(3):
        assert machine.check("open", "half") == TABLE[0]
        assert machine.check("open", "done") is None


@pytest.mark.parametrize("moves", [(), (TABLE[0], TABLE[0]), (TABLE[0], Move("open", "half", "again"))])
def test_a_table_is_neither_empty_nor_ambiguous(moves: tuple[Move, ...]) -> None:
    with pytest.raises(BrokenInput, match="expected a table of different moves"):
        Machine(moves)


def test_enums_and_their_values_are_the_same_state() -> None:
    assert INCIDENT.check(State.IDENTIFY, State.CONTAIN) == INCIDENT.check("identify", "contain")
    assert set(INCIDENT.states) == {state.value for state in State}
