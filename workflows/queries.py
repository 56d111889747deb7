"""Reading cases, always through the eyes of somebody: what they may not see does not exist for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.actors import Actor
from workflows.change.state import ChangeCase
from workflows.events import plain
from workflows.holding import visible
from workflows.pointers import REVIEW_OPEN
from workflows.registry import WORKFLOWS, read_case
from workflows.store.rows import CaseFilter, CaseRow
from workflows.store.store import Store
from workflows.workflow import ENDED, Case


@dataclass(frozen=True, slots=True)
class Queries:
    """Answers that no transaction of ours changes."""

    store: Store

    def case(self, number: str, viewer: Actor) -> Case | None:
        """The case, None when absent or not visible: the caller cannot tell which."""
        with self.store.reading() as reads:
            row = reads.case(number)
        return self._seen(row, viewer) if row else None

    def cases(self, viewer: Actor, *, workflow: str = "", open_only: bool = True, limit: int = 30) -> tuple[Case, ...]:
        """Visible cases, newest first."""
        wanted = CaseFilter(workflow=workflow, without_states=ENDED if open_only else ())
        found: list[Case] = []
        with self.store.reading() as reads:
            for row in reads.all_cases(wanted):
                case = self._seen(row, viewer)
                if case is not None:
                    found.append(case)
                if len(found) >= limit:
                    break
        return tuple(found)

    def every(self, viewer: Actor, wanted: CaseFilter) -> Iterator[Case]:
        """All visible cases that a filter admits, for reports."""
        with self.store.reading() as reads:
            for row in reads.all_cases(wanted):
                case = self._seen(row, viewer)
                if case is not None:
                    yield case

    def change_of(self, repository: str, number: int, viewer: Actor) -> Case | None:
        """The change that a request belongs to, by the name of its repository and its number there."""
        wanted = (repository.casefold(), number)
        for case in self.every(viewer, CaseFilter(workflow="change", search=repository)):
            requests = case.requests if isinstance(case, ChangeCase) else ()
            if any((plain(one.repository).casefold(), one.number) == wanted for one in requests):
                return case
        return None

    def unsettled(self, viewer: Actor) -> tuple[Case, ...]:
        """Changes with a review still to be held, or with something still due; also those that are over."""
        with self.store.reading() as reads:
            rows = [reads.case(number) for number in reads.links.of(REVIEW_OPEN)]
        found = [self._seen(row, viewer) for row in rows if row is not None]
        return tuple(case for case in found if case is not None)

    def case_in_channel(self, channel_id: str) -> str | None:
        """The number of the case that owns this channel."""
        with self.store.reading() as reads:
            return reads.links.get("slack.channel_case", channel_id)

    def _seen(self, row: CaseRow, viewer: Actor) -> Case | None:
        case = read_case(row)
        return case if visible(WORKFLOWS[row.workflow], case, viewer) else None
