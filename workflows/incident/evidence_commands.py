"""Commands about the custody of evidence (A.5.28, ISO/IEC 27037), and about messages on the timeline.

An `origin` names the original where it was: `F0123` a file of Slack, `C0123/1700000000.000100` a message.
"""

from dataclasses import dataclass
from datetime import datetime

from workflows.actors import Person
from workflows.commands import Command
from workflows.incident.evidence_terms import CheckResult, OriginalChange, Unfetched


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewEvidence(Command):
    """Look at the content of a kept file. `no` is its number in the case."""

    no: int
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportEvidence(Command):
    """Take a copy of a kept file out."""

    no: int
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverEvidence(Command):
    """Hand evidence over: from whom, to whom, what for. Names of people outside are texts."""

    no: int
    receiver: str
    purpose: str
    giver: str = ""
    occurred: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEvidence(Command):
    """Record what the re-check of a kept file showed. `found` is the SHA-256 of what lies there now."""

    no: int
    result: CheckResult
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDisposal(Command):
    """Ask that a kept file be destroyed."""

    no: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDisposal(Command):
    """Agree to it as the second person; the file is deleted."""

    no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDisposal(Command):
    """Take a request to destroy a file back; the file stays."""

    no: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseDisposal(Command):
    """Say no to it as the second person; the file stays."""

    no: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFile(Command):
    """Have a file of Slack fetched and kept."""

    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnfetched(Command):
    """Given by the machine: a file could not be fetched, so that the gap is seen."""

    origin: str
    why: Unfetched
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinMessage(Command):
    """Put a message on the timeline. `occurred` is when it was written, `version` when it was last edited."""

    origin: str
    text: str
    occurred: datetime
    author: Person | None = None
    version: datetime | None = None

    def persons(self) -> tuple[Person, ...]:
        """Who wrote it."""
        return (self.author,) if self.author else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOriginal(Command):
    """Given by the machine: an original was edited (`text` is what it says now) or deleted, and when."""

    origin: str
    change: OriginalChange
    text: str = ""
    occurred: datetime | None = None
