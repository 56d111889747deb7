"""What was given out of a case, to whom and what for: the same entry in both workflows (A.5.33, A.5.15)."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from workflows import controls as iso
from workflows.actors import Pseudonym
from workflows.events import Event, OptionalText, Recorded
from workflows.ledger.kinds import EntryKind


class ExportForm(StrEnum):
    """What was given out. `proof` are the entries with their proofs, `report` is the text for people."""

    PROOF = "proof"
    REPORT = "report"
    BOTH = "both"


class CaseExported(Event):
    """Somebody got the case out of here. Recorded before anything leaves; by whom stands in the entry."""

    kind: ClassVar[EntryKind] = EntryKind.CASE_EXPORTED
    controls: ClassVar[tuple[str, ...]] = (*iso.RECORDS, *iso.ACCESS)
    form: ExportForm
    purpose: OptionalText = None


class ExportItem(BaseModel):
    """One of the times that a case was given out."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    form: ExportForm
    by: Pseudonym | None = None
    at: datetime
    purpose: OptionalText = None


def item_of(event: CaseExported, recorded: Recorded) -> ExportItem:
    """As the case keeps it."""
    return ExportItem(form=event.form, by=recorded.by, at=recorded.at, purpose=event.purpose)
