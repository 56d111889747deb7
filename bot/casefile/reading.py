"""A case with everything that its report tells, as far as somebody may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from config.policy.models import Policy
from workflows.actors import Actor
from workflows.events import Recorded
from workflows.incident.state import IncidentCase
from workflows.ledger.receipt import Receipt
from workflows.queries import Queries
from workflows.store.store import Store
from workflows.workflow import Case


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What is told. `steps` are all entries but refusals, each with its receipt, in the order of the log."""

    case: IncidentCase
    steps: tuple[tuple[Recorded, Receipt], ...]
    policy: Policy
    now: datetime
    log: str = ""
    """Name of the log that the receipts are from."""
    linked: Mapping[str, Case] = field(default_factory=dict)
    """Cases that it names or that name it, as far as the reader may see them, by their numbers."""


def read_casefile(store: Store, policy: Policy, number: str, viewer: Actor, now: datetime) -> CaseFile | Case | None:
    """The file of an incident; a change as it is, since it has none; None: absent, or not visible to the viewer."""
    queries = Queries(store)
    case = queries.case(number, viewer)
    if not isinstance(case, IncidentCase):
        return case
    linked = {other.number: other for other in queries.tied(case, viewer)}
    with store.reading() as reads:
        log = reads.origin() or store.origin
    steps = queries.recorded(case)
    return CaseFile(case, steps, queries.today(policy, now), now, log, linked)
