"""Reading cases, always through the eyes of somebody: what they may not see does not exist for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from config.policy.ids import Visibility
from config.policy.models import Policy
from workflows.actors import Actor
from workflows.change.state import ChangeCase
from workflows.events import Recorded, plain
from workflows.holding import visible
from workflows.incident.state import IncidentCase
from workflows.leavers import today
from workflows.ledger.receipt import Receipt
from workflows.pointers import CAUSE, CORRECTIVE_OPEN, EVIDENCE_CASE, REVIEW_OPEN, names_of, tied_scope
from workflows.record import read_entry, to_recorded
from workflows.registry import WORKFLOWS, read_case
from workflows.requests import Done, done
from workflows.store.reads import Reads
from workflows.store.rows import CaseFilter, CaseRow
from workflows.store.store import Store
from workflows.workflow import ENDED, Case

LOOKED_BACK: Final = 300
"""So many cases are looked through for a cause that came up before."""


@dataclass(frozen=True, slots=True)
class Queries:
    """Answers that no transaction of ours changes."""

    store: Store

    def case(self, number: str, viewer: Actor) -> Case | None:
        """The case, None when absent or not visible: the caller cannot tell which."""
        with self.store.reading() as reads:
            row = reads.case(number)
        return self._seen(row, viewer) if row else None

    def by_id(self, case_id: UUID, viewer: Actor) -> Case | None:
        """The same by its id."""
        with self.store.reading() as reads:
            row = reads.case_by_id(case_id)
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

    def opened_before(self, number: str, viewer: Actor, *, workflow: str, limit: int) -> tuple[Case, ...]:
        """Visible cases that were opened before this one, newest first; from the newest on where it is not visible."""
        start = self.case(number, viewer) if number else None
        after = (start.opened_at, start.id) if start is not None else None
        return tuple(islice(self.every(viewer, CaseFilter(workflow=workflow, after=after)), limit))

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

    def case_of_evidence(self, number: str, viewer: Actor) -> Case | None:
        """The case that an item of evidence belongs to, None when there is none to be seen."""
        with self.store.reading() as reads:
            place = reads.links.get(EVIDENCE_CASE, number)
        return self.case(place.partition(" ")[0], viewer) if place else None

    def unsettled(self, viewer: Actor) -> tuple[Case, ...]:
        """Changes with a review still to be held, or with something still due; also those that are over."""
        with self.store.reading() as reads:
            rows = [reads.case(number) for number in reads.links.of(REVIEW_OPEN)]
        found = [self._seen(row, viewer) for row in rows if row is not None]
        return tuple(case for case in found if case is not None)

    def owing(self, viewer: Actor) -> tuple[Case, ...]:
        """Incidents with something that may outlive them: see `IncidentCase.outlived` (10.2)."""
        with self.store.reading() as reads:
            rows = [reads.case(number) for number in reads.links.of(CORRECTIVE_OPEN)]
        found = [self._seen(row, viewer) for row in rows if row is not None]
        return tuple(case for case in found if case is not None)

    def tied(self, case: Case, viewer: Actor) -> tuple[Case, ...]:
        """Changes and incidents that a case names, or that name it (A.8.32); by their numbers."""
        with self.store.reading() as reads:
            naming = {**reads.links.of(tied_scope(str(case.id))), **reads.links.of(tied_scope(case.number))}
            rows = [reads.case_by_id(UUID(one)) for one in naming]
            rows += [reads.case(number) for number in names_of(case)]
        found = {row.number: self._seen(row, viewer) for row in rows if row is not None and row.id != case.id}
        return tuple(other for _, other in sorted(found.items()) if other is not None)

    def with_cause(self, viewer: Actor) -> tuple[Case, ...]:
        """The newest incidents whose root cause has a tag, also those that are over (A.5.27)."""
        with self.store.reading() as reads:
            # Ids are given out in the order of time.
            newest = sorted(reads.links.of(CAUSE), reverse=True)[:LOOKED_BACK]
            rows = [reads.case_by_id(UUID(one)) for one in newest]
        found = [self._seen(row, viewer) for row in rows if row is not None]
        return tuple(case for case in found if case is not None)

    def recorded(self, case: Case, first: int = 1, last: int | None = None) -> tuple[tuple[Recorded, Receipt], ...]:
        """Steps of a case that the caller may see, by their sequence numbers; see `steps_between`."""
        with self.store.reading() as reads:
            return steps_between(reads, case.id, first, last)

    def newest(self, number: str) -> int | None:
        """The number of the newest entry of a case, refusals included; None for a case that is not there."""
        with self.store.reading() as reads:
            row = reads.case(number)
        return row.seq if row is not None else None

    def done(self, request: str) -> Done | None:
        """What a request led to; None where it was not carried out, or led to nothing."""
        with self.store.reading() as reads:
            return done(reads.links, request)

    def today(self, policy: Policy, now: datetime) -> Policy:
        """The policy as of now: see `leavers.today`."""
        with self.store.reading() as reads:
            return today(policy, reads.links, now)

    def policy_loaded(self, sha256: str) -> datetime | None:
        """When the policy of this hash was recorded first, None for one that never was (A.5.1)."""
        with self.store.reading() as reads:
            return reads.policies().get(sha256)

    def case_in_channel(self, channel_id: str) -> str | None:
        """The number of the case that owns this channel."""
        with self.store.reading() as reads:
            return reads.links.get("slack.channel_case", channel_id)

    def case_in_thread(self, channel_id: str, thread_ts: str) -> str | None:
        """The number of the case whose report has this thread."""
        with self.store.reading() as reads:
            found = reads.links.keys_of("slack.thread", f"{channel_id} {thread_ts}")
            row = reads.case_by_id(UUID(found[0])) if found else None
        return row.number if row else None

    def talk_of(self, case: IncidentCase) -> str:
        """The address in Slack at which people talk about a case: its channel, else its thread; empty for neither.

        The thread only while the case is open to the team: of a confidential one nothing is left there to be read.
        """
        key = str(case.id)
        with self.store.reading() as reads:
            workspace = reads.links.get("slack.installation", "url") or ""
            channel, thread = reads.links.get("slack.channel", key), reads.links.get("slack.thread", key)
            exposed = channel is not None and bool(reads.links.get("slack.channel_open", channel))
        is_team = case.visibility is Visibility.TEAM
        if not workspace.startswith("https://"):
            return ""
        if channel is not None and (is_team or not exposed):
            return f"{workspace}archives/{channel}"
        where, _, ts = (thread or "").partition(" ")
        return f"{workspace}archives/{where}/p{ts.replace('.', '')}" if ts and is_team else ""

    def _seen(self, row: CaseRow, viewer: Actor) -> Case | None:
        case = read_case(row)
        return case if visible(WORKFLOWS[row.workflow], case, viewer) else None


def steps_between(reads: Reads, case: UUID, first: int, last: int | None) -> tuple[tuple[Recorded, Receipt], ...]:
    """Entries of a case by their sequence numbers (`last` None: to the end), with their receipts; no refusals."""
    row = reads.case_by_id(case)
    if row is None:
        return ()
    events = WORKFLOWS[row.workflow].events
    stored = [
        one
        for one in reads.case_history(case)
        if one.seq is not None and first <= one.seq and (last is None or one.seq <= last)
    ]
    indices = {one.index for one in stored}
    opened = [one for one in reads.case_disclosures(case) if one.index in indices]
    found = []
    for one in stored:
        entry = read_entry(one.body, [(field.name, field.disclosure) for field in opened if field.index == one.index])
        if entry.skeleton.kind in events:
            found.append((to_recorded(entry, events), Receipt(one.index, one.leaf)))
    return tuple(found)
