"""A case is what its entries say: the fold that writing and verifying share."""

from collections.abc import Iterable
from typing import Any

from workflows.errors import Tampered
from workflows.events import Event, Recorded
from workflows.ledger.kinds import EntryKind
from workflows.record import Entry, to_recorded
from workflows.refusals import AccessRefused, CaseRefused
from workflows.workflow import Case, CaseT, Workflow, admit

SHARED_EVENTS: dict[EntryKind, type[Event]] = {event.kind: event for event in (CaseRefused, AccessRefused)}


def step(workflow: Workflow[CaseT], case: CaseT, recorded: Recorded) -> CaseT:
    """The case after one more entry. A refusal changes nothing but who is known by which pseudonym."""
    if isinstance(recorded.event, CaseRefused):
        return admit(case, recorded)
    return workflow.apply(case, recorded)


def refold(workflow: Workflow[Any], entries: Iterable[Entry]) -> tuple[Case, int]:
    """The case that these entries (all of one case, in order) amount to, and the last sequence number.

    Raises Tampered when there is no entry, or the first does not open a case.
    """
    case: Case | None = None
    seq = 0
    events = {**workflow.events, **SHARED_EVENTS}
    for entry in entries:
        recorded = to_recorded(entry, events)
        if case is None:
            if entry.skeleton.case is None:
                message = f"entry {entry.skeleton.entry_id}: expected a case, found none"
                raise Tampered(message)
            case = workflow.blank(entry.skeleton.case, entry.number, recorded.at)
        case = step(workflow, case, recorded)
        seq = recorded.seq
    if case is None:
        message = "expected at least one entry of the case, found none"
        raise Tampered(message)
    return case, seq
