"""The store as the Slack side sees it: cases and entries to deliver, and the inbox for events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from bot.slack.events import IncomingEvent
from bot.web.inbox import accept
from workflows.events import Recorded
from workflows.queries import steps_between
from workflows.registry import read_case
from workflows.store.rows import Delivery
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import Case

SOURCE: Final = "slack"
HOOK: Final = "events"
BUSINESS: Final = "slack.event"
"""Link scope: what an event is about → the event id that told it first."""


@dataclass(frozen=True, slots=True)
class StoredCases:
    """Cases and entries by id, for the machine."""

    store: Store

    def case(self, case_id: str) -> Case | None:
        """The case as it now stands."""
        with self.store.reading() as reads:
            row = reads.case_by_id(UUID(case_id))
        return read_case(row) if row is not None else None

    def entry(self, case_id: str, seq: int) -> tuple[Recorded, str] | None:
        """One entry of a case, with its receipt; None for a refusal or a number that is not there."""
        with self.store.reading() as reads:
            found = steps_between(reads, UUID(case_id), seq, seq)
        return (found[0][0], str(found[0][1])) if found else None


def accept_into(store: Store, now: Callable[[], datetime]) -> Callable[[IncomingEvent, Mapping[str, str]], bool]:
    """Stores events: an inbox row, and the job that works it off. Known by event id or by what it is about: not new."""

    def take(event: IncomingEvent, headers: Mapping[str, str]) -> bool:
        def keep(uow: UnitOfWork) -> bool:
            if event.business_key and not uow.links.add(BUSINESS, event.business_key, event.delivery_id):
                return False
            return accept(uow, [Delivery(SOURCE, HOOK, event.delivery_id, headers, event.raw, now())])[0]

        return store.retrying(keep)

    return take
