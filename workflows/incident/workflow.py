"""The incident workflow as the service sees it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from config.policy.ids import CaseRole, Visibility
from workflows.actors import Actor, Pseudonym
from workflows.commands import Command
from workflows.context import Context
from workflows.decisions import Cast, Decision
from workflows.events import Event, Recorded, plain
from workflows.incident import commands as cmd
from workflows.incident.apply import apply
from workflows.incident.decide import decide
from workflows.incident.drill_commands import StartDrill
from workflows.incident.effects import effects
from workflows.incident.events import EvidenceRecorded
from workflows.incident.every_event import EVENTS
from workflows.incident.merging_commands import JoinDuplicate
from workflows.incident.rights import ACCESS
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind
from workflows.ledger.kinds import EntryKind
from workflows.workflow import Effect, FactsPort, Index, Opening

SERIES: Final = "INC"
SEALED_SERIES: Final = "INC-S"
"""Sealed cases have numbers of their own, so that a gap among the others tells nothing."""

DRILL: Final = "drill"
BACKFILL: Final = "backfill"
"""In the column of kinds, so that no figure counts what is left out of all of them."""

EVIDENCE_SERIES: Final = "EV"
SEALED_EVIDENCE_SERIES: Final = "EV-S"


class IncidentWorkflow:
    """Identify → contain → eradicate → recover → review (A.5.24 to A.5.28), as a `workflows.workflow.Workflow`."""

    name = "incident"
    events: Mapping[EntryKind, type[Event]] = MappingProxyType({event.kind: event for event in EVENTS})
    access = ACCESS
    case_type = IncidentCase

    def opens(self, command: Command) -> Opening | None:
        """A report opens a case."""
        if isinstance(command, StartDrill):
            return Opening(SERIES)
        if not isinstance(command, cmd.Report):
            return None
        return Opening(SEALED_SERIES if command.visibility is Visibility.SEALED else SERIES)

    def needs(self, case: IncidentCase | None, command: Command) -> tuple[str, ...]:
        """Linked changes that hold the recovery, the original of a duplicate, and what a command names."""
        linked = [link.number for link in case.links if isinstance(link.number, str)] if case else []
        if case is not None and case.kind is Kind.DUPLICATE and isinstance(case.duplicate_of, str):
            linked.append(case.duplicate_of)
        assessed = command if isinstance(command, cmd.Assess) else getattr(command, "assess", None)
        if isinstance(assessed, cmd.Assess) and assessed.duplicate_of:
            linked.append(assessed.duplicate_of)
        if isinstance(command, cmd.LinkChange | JoinDuplicate):
            linked.append(command.number)
        return tuple(dict.fromkeys(linked))

    def read_facts(self, case: IncidentCase | None, command: Command, facts: FactsPort) -> None:
        """Incidents need nothing of a forge."""

    def decide(self, case: IncidentCase, command: Command, actor: Actor, cast: Cast, context: Context) -> Decision:
        """The rules."""
        return decide(case, command, actor, cast, context)

    def blank(self, case_id: UUID, number: str, at: datetime) -> IncidentCase:
        """A case before its first entry."""
        return IncidentCase(id=case_id, number=number, opened_at=at)

    def apply(self, case: IncidentCase, recorded: Recorded) -> IncidentCase:
        """The case after one more entry."""
        return apply(case, recorded)

    def numbered(self, case: IncidentCase, event: Event, draw: Callable[[str], str]) -> Event:
        """Evidence has numbers of its own (A.5.28)."""
        if not isinstance(event, EvidenceRecorded) or event.number is not None:
            return event
        sealed = case.visibility is Visibility.SEALED
        return event.model_copy(update={"number": draw(SEALED_EVIDENCE_SERIES if sealed else EVIDENCE_SERIES)})

    def roles_in(self, case: IncidentCase, pseudonym: Pseudonym) -> frozenset[CaseRole]:
        """The roles of a person in this case."""
        return case.roles_of(pseudonym)

    def index(self, case: IncidentCase) -> Index:
        """The query columns. Of a sealed case nothing can be searched for."""
        words = (case.number, plain(case.title), plain(case.affected), plain(case.category))
        search = "" if case.visibility is Visibility.SEALED else " ".join(words).casefold()
        severity = case.severity.value if case.severity else ""
        kind = DRILL if case.drill else BACKFILL if case.backfill else case.kind.value
        return Index(case.state.value, kind, severity, case.visibility.value, search)

    def effects(
        self, before: IncidentCase, after: IncidentCase, recorded: tuple[Recorded, ...], version: int
    ) -> tuple[Effect, ...]:
        """What has to follow the commit."""
        return effects(before, after, recorded, version)


WORKFLOW: Final = IncidentWorkflow()
