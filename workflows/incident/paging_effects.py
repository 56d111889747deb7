"""Work that follows while a report waits for somebody: its ladder of calls, and whoever wakes people."""

from collections.abc import Iterator
from typing import Final

from workflows.events import Recorded
from workflows.incident.events import Reported
from workflows.incident.paging import step_after
from workflows.incident.paging_events import Paged, PageDeclined, Unanswered
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import begins_to_wait, is_waiting
from workflows.workflow import Effect

LADDER: Final = "timer.page"
"""The next step of the paging ladder; `step`, on through its rounds, and `early` when who was called cannot."""
CALL: Final = "slack.page"
"""Write to somebody who is called."""
UNANSWERED: Final = "slack.unanswered"
"""Tell that all calls were in vain; without `seq`, once more."""
PAGER_CALL: Final = "pager.call"
"""Have whoever wakes people call, once for each step of each round of the ladder."""
PAGER_ACKNOWLEDGE: Final = "pager.acknowledge"
PAGER_RESOLVE: Final = "pager.resolve"
UNPAGED: Final = "slack.unpaged"
"""Say where people talk that the pager takes no call."""


def calls(after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    """Who is called: the ladder begins when a report waits; who cannot sends it on early."""
    for item in recorded:
        mark = f"{after.id}:{item.seq}"
        payload: dict[str, str | int] = {"case": str(after.id), "seq": item.seq}
        if begins_to_wait(item.event) and is_waiting(after):
            yield Effect(LADDER, "", f"{LADDER}:{mark}", {"case": str(after.id), "step": 0}, timer=True)
        elif isinstance(item.event, Paged):
            yield Effect(CALL, f"{CALL}:{mark}", f"{CALL}:{mark}", payload)
        elif isinstance(item.event, Unanswered):
            yield Effect(UNANSWERED, f"{UNANSWERED}:{after.id}", f"{UNANSWERED}:{mark}", payload)
        elif isinstance(item.event, PageDeclined):
            step = step_after(after, item.at)
            early: dict[str, str | int] = {"case": str(after.id), "step": step, "early": 1}
            yield Effect(LADDER, "", f"{LADDER}:{mark}", early, timer=True)


def pager(before: IncidentCase, after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    """The pager hears that somebody looks after it, and that it is over; only of what it was called to."""
    fresh = any(isinstance(item.event, Reported) for item in recorded)
    kinds = []
    if is_waiting(before) and not is_waiting(after) and not fresh:
        kinds.append(PAGER_ACKNOWLEDGE)
    if before.state.is_open and not after.state.is_open:
        kinds.append(PAGER_RESOLVE)
    for kind in kinds:
        mark = f"{kind}:{after.id}:{recorded[-1].seq}"
        yield Effect(kind, f"pager:{after.id}", mark, {"case": str(after.id)})
