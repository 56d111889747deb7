"""What follows a recorded change beside its row, in the same transaction: ways to it, and facts for its neighbours."""

from typing import Final

from workflows.change.projection import updates
from workflows.change.state import ChangeCase
from workflows.events import Recorded
from workflows.factbook import absorb, enqueue
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import Case

REQUEST_CHANGE: Final = "request_change"
"""Link scope: key of a pull or merge request → number of the change it belongs to."""


REVIEW_OPEN: Final = "review_open"
"""Link scope: number of a change with a retrospective review still to be held, or something still due → its id."""


def point(uow: UnitOfWork, before: Case, after: Case, recorded: tuple[Recorded, ...]) -> None:
    """Write what changed between two states of a case. Incidents have nothing to point to."""
    if not isinstance(after, ChangeCase):
        return
    old = {str(one.ref) for one in before.requests} if isinstance(before, ChangeCase) else set()
    new = {str(one.ref) for one in after.requests}
    for key in sorted(new - old):
        uow.links.put(REQUEST_CHANGE, key, after.number)
    for key in sorted(old - new):
        if uow.links.get(REQUEST_CHANGE, key) == after.number:
            uow.links.remove(REQUEST_CHANGE, key)
    if after.unsettled:
        uow.links.put(REVIEW_OPEN, after.number, str(after.id))
    elif isinstance(before, ChangeCase) and before.unsettled:
        uow.links.remove(REVIEW_OPEN, after.number)
    for mark in absorb(uow, updates(after, recorded)):
        enqueue(uow, mark)
