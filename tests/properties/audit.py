"""What must hold of any database, whatever was done to it: looked at from outside, entry by entry."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from config.policy.criteria import CriterionId
from config.policy.ids import Criterion
from workflows.change.events import ChangeMoved
from workflows.change.moves import MOVES as CHANGE_MOVES
from workflows.events import Recorded
from workflows.fold import SHARED_EVENTS
from workflows.incident.criteria.registry import EXIT
from workflows.incident.events import Assessed, Moved, OverrideGranted, OverrideRequested, Reported, RoleAssigned
from workflows.incident.moves import MOVES as INCIDENT_MOVES
from workflows.incident.terms import State
from workflows.ledger.receipt import Receipt
from workflows.ledger.stored import StoredEntry
from workflows.record import read_entry, to_recorded
from workflows.registry import WORKFLOWS
from workflows.store.rows import CaseRow
from workflows.store.store import Store
from workflows.verification import verify_store

_TABLE: Final = {
    "incident": {(str(move.source), str(move.target)): move for move in INCIDENT_MOVES},
    "change": {(str(move.source), str(move.target)): move for move in CHANGE_MOVES},
}


def audit(store: Store, receipts: Iterable[Receipt] = ()) -> None:
    """Log and rows agree, every move is one of the table and justified, numbers have no gaps, no receipt is lost."""
    found = verify_store(store, deep=True, receipts=receipts)
    assert found.intact, (found.log.findings, found.cases)
    with store.reading() as reads:
        rows = list(reads.all_cases())
        for row in rows:
            history = list(_history(row, reads.case_history(row.id), dict(_disclosed(store, row))))
            _moves_are_legal(row, history)
    _numbers_have_no_gaps(rows)


def _disclosed(store: Store, row: CaseRow) -> Iterator[tuple[int, list[tuple[str, str | None]]]]:
    with store.reading() as reads:
        for index, some in groupby(reads.case_disclosures(row.id), key=lambda one: one.index):
            yield index, [(one.name, one.disclosure) for one in some]


def _history(
    row: CaseRow, entries: Iterable[StoredEntry], disclosed: dict[int, list[tuple[str, str | None]]]
) -> Iterator[Recorded]:
    events = {**WORKFLOWS[row.workflow].events, **SHARED_EVENTS}
    for entry in entries:
        yield to_recorded(read_entry(entry.body, disclosed.get(entry.index, [])), events)


def _moves_are_legal(row: CaseRow, history: list[Recorded]) -> None:
    moves = [item for item in history if isinstance(item.event, Moved | ChangeMoved)]
    state = "identify" if row.workflow == "incident" else "plan"
    for item in moves:
        event = item.event
        assert isinstance(event, Moved | ChangeMoved)
        assert event.from_state == state, f"{row.number}: {state}, then a move from {event.from_state}"
        assert (str(event.from_state), str(event.to_state)) in _TABLE[row.workflow], (row.number, event)
        state = str(event.to_state)
        if isinstance(event, Moved):
            _is_justified(row, history, item, event)
    assert row.state == state, f"{row.number}: entries end in {state}, its row says {row.state}"


def _is_justified(row: CaseRow, history: list[Recorded], item: Recorded, event: Moved) -> None:
    """A move forward names every criterion of its gate; what is passed over was granted by somebody else."""
    move = _TABLE["incident"][str(event.from_state), str(event.to_state)]
    if move.back:
        assert event.reason is not None, f"{row.number}: back without a reason"
        return
    expected = {rule.criterion for rule in EXIT[event.from_state, event.to_state]}
    named: list[CriterionId] = [*event.met, *event.exempted, *event.relaxed, *event.overridden]
    assert set(named) == expected, f"{row.number}: {event}"
    assert len(named) == len(expected)
    before = [one for one in history if one.seq < item.seq]
    if event.overridden:
        asked = [one.by for one in before if isinstance(one.event, OverrideRequested)]
        granted = [one.by for one in before if isinstance(one.event, OverrideGranted)]
        assert granted, f"{row.number}: passed over without a grant"
        assert event.override is not None
        assert granted[-1] != asked[event.override - 1]
    if event.to_state is State.CLOSED and Criterion.CLOSED_BY_OTHER in event.met:
        assert item.by is not None
    assert isinstance(history[0].event, Reported)
    assert event.to_state is not State.CONTAIN or any(isinstance(one.event, Assessed) for one in before)
    assert event.to_state is not State.CONTAIN or any(isinstance(one.event, RoleAssigned) for one in before)


def _numbers_have_no_gaps(rows: Iterable[CaseRow]) -> None:
    series: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        name, _, number = row.number.rpartition("-")
        series[name].append(int(number))
    for name, numbers in series.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), (name, sorted(numbers))
