"""Messages on the timeline, and what became of their originals. However often something is told, it counts once."""

from datetime import datetime

from workflows.decisions import Reason
from workflows.incident import evidence_events as ev
from workflows.incident.codes import Code
from workflows.incident.evidence_commands import NoteOriginal, PinMessage
from workflows.incident.evidence_terms import CustodyStep, NoteKind, OriginalChange
from workflows.incident.items import NoteItem
from workflows.incident.situation import Proposal

Reasons = tuple[Reason, ...]


def pin(proposal: Proposal, command: PinMessage) -> Reasons:
    """Put a message on the timeline, once."""
    if not command.text or not command.origin:
        return (Reason(Code.NEEDS_TEXT, "note"),)
    if pinned(proposal.case.notes, command.origin) is None:
        situation = proposal.situation
        event = ev.MessagePinned(
            origin=command.origin, text=command.text, author=situation.of(command.author), version=command.version
        )
        # Slack's clock may be ahead of ours: a message cannot have been written after it was put here.
        proposal.add(event, min(command.occurred, situation.now))
    return ()


def pinned(notes: tuple[NoteItem, ...], origin: str) -> NoteItem | None:
    """The entry that put this message on the timeline."""
    return next((note for note in notes if note.kind is NoteKind.MESSAGE and note.origin == origin), None)


def note_original(proposal: Proposal, command: NoteOriginal) -> Reasons:
    """An original was edited or deleted: said beside every entry that keeps it, and nothing is overwritten."""
    note = pinned(proposal.case.notes, command.origin)
    if note is not None and command.change is OriginalChange.EDITED:
        _edited(proposal, note, command)
    if note is not None and command.change is OriginalChange.DELETED:
        _deleted(proposal, note, command)
    for item in proposal.case.evidence:
        if item.origin == command.origin:
            _of_evidence(proposal, item.no, command)
    return ()


def _edited(proposal: Proposal, note: NoteItem, command: NoteOriginal) -> None:
    """A version that is on record already, or was the one that was put here, is no news."""
    told = [one.version for one in proposal.case.notes if one.about == note.seq and one.version]
    version = command.occurred or proposal.situation.now
    if version in told or (note.version is not None and version <= note.version) or not command.text:
        return
    proposal.add(
        ev.MessageEdited(about=note.seq, text=command.text, version=version), min(version, proposal.situation.now)
    )


def _deleted(proposal: Proposal, note: NoteItem, command: NoteOriginal) -> None:
    known = any(one.kind is NoteKind.DELETED and one.about == note.seq for one in proposal.case.notes)
    if not known:
        proposal.add(ev.MessageDeleted(about=note.seq), _past(proposal, command))


def _of_evidence(proposal: Proposal, no: int, command: NoteOriginal) -> None:
    step = CustodyStep.ORIGINAL_DELETED if command.change is OriginalChange.DELETED else CustodyStep.ORIGINAL_EDITED
    when = _past(proposal, command)
    (item,) = (one for one in proposal.case.evidence if one.no == no)
    same = [one for one in item.custody if one.step is step]
    once = step is CustodyStep.ORIGINAL_DELETED and bool(same)
    if not once and not any(one.at == when for one in same if when is not None):
        proposal.add(ev.OriginalChanged(no=no, change=command.change), when)


def _past(proposal: Proposal, command: NoteOriginal) -> datetime | None:
    return None if command.occurred is None else min(command.occurred, proposal.situation.now)
