"""Events: what a decision says happened. The ledger entries and the case rows are both made from them.

An event is split over two places (design of the ledger):
- *skeleton*: hashed and kept; plain fields, their types on an allow-list (enums, numbers, times, digests, ids);
- *disclosures*: salted and erasable; fields typed `Text`, `OptionalText`, `Texts`, `Identity…` and the like.

`apply(case, recorded)` of each workflow folds them; it reads nothing but its arguments, so that a verifier can too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict

from config.policy.ids import CaseRole, Role
from workflows.actors import Pseudonym, Source
from workflows.ledger.kinds import EntryKind


class Erased(BaseModel):
    """Stands where a disclosed value was before it was erased by two persons."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    erased: bool = True


ERASED: Final = Erased()


class Disclosed:
    """Marks a field whose value goes into an erasable disclosure. Only as top-level `Annotated` metadata."""


DISCLOSED: Final = Disclosed()
Text = Annotated[str | Erased, DISCLOSED]
OptionalText = Annotated[str | Erased | None, DISCLOSED]
Texts = Annotated[tuple[str, ...] | Erased, DISCLOSED]


class Event(BaseModel):
    """Payload of one entry. Subclasses set `kind`, and `controls`: the ISO/IEC 27001 controls they are evidence for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[EntryKind]
    controls: ClassVar[tuple[str, ...]] = ()


class IdentityData(BaseModel):
    """A person as disclosed once per case, by the entry that first uses their pseudonym."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with the circumstances its entry carries.

    `at` is the clock at the decision, `occurred_at` the time it tells about (None: the same).
    `introduces` are the pseudonyms this entry is the first to use.
    """

    event: Event
    seq: int
    at: datetime
    source: Source
    by: Pseudonym | None = None
    role: Role | CaseRole | None = None
    occurred_at: datetime | None = None
    introduces: Mapping[Pseudonym, IdentityData | Erased] = field(default_factory=dict)

    @property
    def when(self) -> datetime:
        """The time the event tells about."""
        return self.occurred_at or self.at


def is_disclosed(event_type: type[Event], name: str) -> bool:
    """Whether this field of the event goes into a disclosure."""
    return any(isinstance(mark, Disclosed) for mark in event_type.model_fields[name].metadata)


def plain(value: str | Erased | None, erased: str = "—") -> str:
    """A disclosed text for people to read; `erased` where it is gone."""
    if value is None:
        return ""
    return erased if isinstance(value, Erased) else str(value)
