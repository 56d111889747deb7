"""What a workflow gives to the service. `incident` and `change` each provide one `WORKFLOW` of this shape."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from config.policy.ids import CaseRole, Role
from workflows.actors import Actor, Pseudonym
from workflows.commands import Command
from workflows.context import Context
from workflows.decisions import Cast, Decision
from workflows.events import Erased, Event, IdentityData, Recorded
from workflows.ledger.kinds import EntryKind


class Case(BaseModel):
    """What both workflows' cases have. Everything in it is folded from the case's entries, by `apply` alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: UUID
    number: str
    """Readable number; a disclosure, hence erasable in print but never reused."""
    state: str
    opened_at: datetime
    people: Mapping[Pseudonym, IdentityData | Erased] = {}

    def pseudonym_of(self, person_id: str) -> Pseudonym | None:
        """The pseudonym of a person in this case, None when they have not appeared."""
        for pseudonym, who in self.people.items():
            if isinstance(who, IdentityData) and who.id == person_id:
                return pseudonym
        return None

    def name_of(self, pseudonym: Pseudonym | None, erased: str = "—") -> str:
        """The name to show for a pseudonym."""
        who = self.people.get(pseudonym) if pseudonym else None
        return who.name if isinstance(who, IdentityData) else erased


CaseT = TypeVar("CaseT", bound=Case)

ENDED: Final = ("closed", "dismissed", "done", "cancelled", "rolled_back")
"""States in which a case of either workflow rests."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Which series a new case takes its number from: `INC`, `INC-S` (sealed), `CHG`."""

    series: str


@dataclass(frozen=True, slots=True)
class Index:
    """Query columns of a case row: copies of what the case holds, which `verify` compares."""

    state: str
    kind: str
    severity: str
    visibility: str
    search: str
    """Casefolded text for search; empty for sealed cases."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Work that must follow a commit: becomes a job. Ids only, no text, no personal data.

    `key` orders (same key: one after the other), `dedup` makes it unique for ever, `after` delays (timers).
    """

    kind: str
    key: str
    dedup: str
    payload: Mapping[str, str | int]
    after: datetime | None = None
    timer: bool = False


HOMES: Final = "slack.homes"
"""Kind of the job that renews the home tabs that were opened lately."""
_HOMES_EVERY: Final = timedelta(seconds=10)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def home_tabs(at: datetime) -> Effect:
    """Something changed that home tabs show. All that is recorded within the same few seconds shares one job."""
    number = (at - _EPOCH) // _HOMES_EVERY + 1
    return Effect(HOMES, "", f"{HOMES}:{number}", {}, after=_EPOCH + number * _HOMES_EVERY, timer=True)


class FactRow(Protocol):
    """A stored document of facts."""

    @property
    def doc(self) -> bytes:
        """The document as stored."""

    @property
    def version(self) -> int:
        """Grows with every change."""


class FactsPort(Protocol):
    """Reading access to the stored facts."""

    def get(self, scope: str, key: str) -> FactRow | None:
        """One document, None when nothing was told yet."""

    def some(self, scope: str, keys: Iterable[str]) -> Mapping[str, FactRow]:
        """Those of these documents that exist, by their keys."""


class Workflow(Protocol[CaseT]):
    """One workflow as the service sees it. All pure."""

    name: str
    events: Mapping[EntryKind, type[Event]]
    access: Mapping[type[Command], frozenset[Role | CaseRole]]
    """Who may give which command: any of these roles suffices. A command that is missing here is refused."""
    case_type: type[CaseT]

    def opens(self, command: Command) -> Opening | None:
        """The series, when the command opens a new case."""

    def needs(self, case: CaseT | None, command: Command) -> tuple[str, ...]:
        """Numbers of other cases the decision looks at."""

    def read_facts(self, case: CaseT | None, command: Command, facts: "FactsPort") -> Any:
        """What the forge told that this decision needs; None where it needs nothing."""

    def decide(self, case: CaseT, command: Command, actor: Actor, cast: Cast, context: Context) -> Decision:
        """The rules. For an opening command `case` is the blank case with id and number only."""

    def blank(self, case_id: UUID, number: str, at: datetime) -> CaseT:
        """A case before its first entry."""

    def apply(self, case: CaseT, recorded: Recorded) -> CaseT:
        """The case after one more entry."""

    def numbered(self, case: CaseT, event: Event, draw: Callable[[str], str]) -> Event:
        """The event with the readable number it takes, if it takes one. `draw` gives the next one of a series.

        Asked for events that are going to be recorded only, so that no series has a gap.
        """

    def roles_in(self, case: CaseT, pseudonym: Pseudonym) -> frozenset[CaseRole]:
        """The case roles of a person."""

    def index(self, case: CaseT) -> Index:
        """The query columns."""

    def effects(self, before: CaseT, after: CaseT, recorded: tuple[Recorded, ...], version: int) -> tuple[Effect, ...]:
        """What has to follow the commit."""


def field_values(model: BaseModel) -> Mapping[str, Any]:
    """The fields of a model as they are, without dumping nested ones."""
    return {name: getattr(model, name) for name in type(model).model_fields}


def admit(case: CaseT, recorded: Recorded) -> CaseT:
    """The case with the people this entry introduces."""
    if not recorded.introduces:
        return case
    return case.model_copy(update={"people": {**case.people, **recorded.introduces}})
