"""Ways from outside objects to cases, kept beside the case rows in the same transaction. Made anew from any case."""

from typing import Final

from workflows.change.state import ChangeCase
from workflows.store.links import Links
from workflows.workflow import Case

REQUEST_CHANGE: Final = "request_change"
"""Link scope: key of a pull or merge request → number of the change it belongs to."""


def point(links: Links, before: Case, after: Case) -> None:
    """Write what changed between two states of a case."""
    if not isinstance(after, ChangeCase):
        return
    old = {str(one.ref) for one in before.requests} if isinstance(before, ChangeCase) else set()
    new = {str(one.ref) for one in after.requests}
    for key in sorted(new - old):
        links.put(REQUEST_CHANGE, key, after.number)
    for key in sorted(old - new):
        if links.get(REQUEST_CHANGE, key) == after.number:
            links.remove(REQUEST_CHANGE, key)
