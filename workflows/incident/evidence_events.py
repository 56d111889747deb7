"""Events about the custody of evidence (A.5.28, ISO/IEC 27037), and about messages on the timeline."""

from datetime import datetime
from typing import ClassVar, Final

from workflows import controls as iso
from workflows.actors import Pseudonym
from workflows.events import Event, OptionalText, Text
from workflows.incident.evidence_terms import CheckResult, OriginalChange, Unfetched
from workflows.ledger.kinds import EntryKind
from workflows.record import Sha256Hex

Controls = tuple[str, ...]


class EvidenceEvent(Event):
    """Root of the events about one item. `no` is its number in the case."""

    controls: ClassVar[Controls] = iso.EVIDENCE
    no: int


class EvidenceViewed(EvidenceEvent):
    """Somebody looked at the content."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_VIEWED
    purpose: OptionalText = None


class EvidenceExported(EvidenceEvent):
    """Somebody took a copy out."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_EXPORTED
    purpose: OptionalText = None


class EvidenceHandedOver(EvidenceEvent):
    """It went from one hand to another; when is the time that the entry tells about."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_HANDED_OVER
    giver: OptionalText = None
    receiver: Text
    purpose: Text


class EvidenceChecked(EvidenceEvent):
    """The file was hashed again. `found` is what its bytes amount to now, where that is something else."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_CHECKED
    result: CheckResult
    found: Sha256Hex | None = None


class DisposalAsked(EvidenceEvent):
    """Somebody asked that the file be destroyed."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_DISPOSAL_ASKED
    controls: ClassVar[Controls] = (*iso.EVIDENCE, *iso.SEGREGATION)
    reason: Text


class DisposalEnded(EvidenceEvent):
    """Root of the two ends of a request that leave the file as it was. `asked_by`: whose request it was."""

    controls: ClassVar[Controls] = (*iso.EVIDENCE, *iso.SEGREGATION)
    reason: Text
    asked_by: Pseudonym | None = None


class DisposalWithdrawn(DisposalEnded):
    """The request was taken back."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_DISPOSAL_WITHDRAWN


class DisposalRefused(DisposalEnded):
    """A second person said no."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_DISPOSAL_REFUSED


class EvidenceDisposed(EvidenceEvent):
    """A second person agreed: the file is deleted, its entries stay."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_DISPOSED
    controls: ClassVar[Controls] = (*iso.EVIDENCE, *iso.SEGREGATION)


class OriginalChanged(EvidenceEvent):
    """The original was edited or deleted after it was kept; when is the time that the entry tells about."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_ORIGINAL_CHANGED
    change: OriginalChange


class FileAsked(Event):
    """Somebody asked that a file be fetched and kept."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_ASKED
    controls: ClassVar[Controls] = iso.EVIDENCE
    origin: Text


class FileUnfetched(Event):
    """A file could not be fetched: a gap that is seen."""

    kind: ClassVar[EntryKind] = EntryKind.EVIDENCE_UNFETCHED
    controls: ClassVar[Controls] = iso.EVIDENCE
    origin: Text
    why: Unfetched
    file_name: OptionalText = None


class MessagePinned(Event):
    """A message was put on the timeline; when it was written is the time that the entry tells about."""

    kind: ClassVar[EntryKind] = EntryKind.MESSAGE_PINNED
    controls: ClassVar[Controls] = iso.LOG
    origin: Text
    text: Text
    author: Pseudonym | None = None
    version: datetime | None = None


class MessageEdited(Event):
    """A message of the timeline was edited in Slack. `about` is the entry that put it there; both stay."""

    kind: ClassVar[EntryKind] = EntryKind.MESSAGE_EDITED
    controls: ClassVar[Controls] = iso.LOG
    about: int
    text: Text
    version: datetime


class MessageDeleted(Event):
    """A message of the timeline was deleted in Slack; it stays here."""

    kind: ClassVar[EntryKind] = EntryKind.MESSAGE_DELETED
    controls: ClassVar[Controls] = iso.LOG
    about: int


DISPOSAL_EVENTS: Final[tuple[type[Event], ...]] = (DisposalAsked, DisposalWithdrawn, DisposalRefused, EvidenceDisposed)
"""A request to destroy a file, and its three ends."""

EVIDENCE_EVENTS: Final[tuple[type[Event], ...]] = (
    EvidenceViewed, EvidenceExported, EvidenceHandedOver, EvidenceChecked, *DISPOSAL_EVENTS,
    OriginalChanged, FileAsked, FileUnfetched, MessagePinned, MessageEdited, MessageDeleted,
)  # fmt: skip
"""Part of the events of an incident."""
