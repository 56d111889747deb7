"""What the folds of a change share."""

from workflows.actors import Pseudonym
from workflows.errors import Tampered
from workflows.events import Recorded


def decider(recorded: Recorded) -> Pseudonym:
    """Who decided. Raises Tampered for an entry that nobody made, where somebody has to."""
    if recorded.by is None:
        message = f"entry {recorded.seq}: expected somebody who decided, found nobody"
        raise Tampered(message)
    return recorded.by
