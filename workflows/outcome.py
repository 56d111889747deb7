"""What `Service.handle` answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from workflows.decisions import Reason
from workflows.events import Recorded
from workflows.ledger.receipt import Receipt
from workflows.workflow import Case


class Pending(Protocol):
    """An entry that gets its place in the ledger at the commit."""

    @property
    def receipt(self) -> Receipt:
        """Index and leaf, once committed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that is in the ledger since an earlier command."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Accepted:
    """The command was carried out; `case` is as it now stands."""

    case: Case
    recorded: tuple[Recorded, ...]
    entries: Sequence[Pending]

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """One per entry, after the commit."""
        return tuple(entry.receipt for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Refused:
    """The command was refused for all these reasons. `recorded` is what was kept of it all the same."""

    reasons: tuple[Reason, ...]
    case: Case | None = None
    recorded: tuple[Recorded, ...] = ()
    entries: Sequence[Pending] = ()

    @property
    def kept(self) -> bool:
        """Whether answers given along with the refused move were recorded."""
        return bool(self.recorded)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """One per entry, after the commit; none when the same refusal was recorded within the last minute."""
        return tuple(entry.receipt for entry in self.entries)


Outcome = Accepted | Refused
