"""What an open incident owes by a time: update, containment, review, answers of who was asked (A.5.26, A.5.27)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from workflows.events import Event
from workflows.incident.changes import Changes
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State


class Promise(StrEnum):
    """What is owed. The values are the fields of events and of the case that hold its time."""

    UPDATE = "update_due"
    CONTAIN = "contain_due"
    REVIEW = "review_due"
    HANDOVER = "handover_due"
    OWNER = "owner_due"


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MATTERS: dict[Promise, tuple[State, ...]] = {
    Promise.UPDATE: (State.CONTAIN, State.ERADICATE, State.RECOVER),
    Promise.CONTAIN: (State.IDENTIFY, State.CONTAIN),
    Promise.REVIEW: (State.REVIEW,),
    Promise.HANDOVER: tuple(state for state in State if state.is_open),
    Promise.OWNER: tuple(state for state in State if state.is_open),
}


def promised(event: Event) -> Iterator[tuple[Promise, datetime]]:
    """What an event promises, and until when."""
    for one in Promise:
        due = getattr(event, one.value, None)
        if isinstance(due, datetime):
            yield one, due


def folded(event: Event) -> Changes:
    """The times that an event sets."""
    return {one.value: due for one, due in promised(event)}


def stamp(due: datetime) -> int:
    """A time as a job carries it: microseconds since 1970."""
    return (due - _EPOCH) // timedelta(microseconds=1)


def of_stamp(stamped: int) -> datetime:
    """The time of a stamp."""
    return _EPOCH + timedelta(microseconds=stamped)


def is_owed(case: IncidentCase, promise: Promise, due: datetime) -> bool:
    """Whether exactly this is still owed: no later time was promised, and the phase still asks for it.

    An update that somebody promised by name of a time is owed in every phase.
    """
    asked = case.state in _MATTERS[promise] or (promise is Promise.UPDATE and case.update_promised)
    return getattr(case, promise.value) == due and asked and case.state.is_open
