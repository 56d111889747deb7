"""Folding the custody of evidence, and the messages of the timeline."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from workflows.events import Event, OptionalText, Recorded
from workflows.incident import evidence_events as ev
from workflows.incident.changes import Changes, numbered, replaced
from workflows.incident.evidence_terms import CheckResult, CustodyStep, NoteKind, OriginalChange
from workflows.incident.items import Custody, Gap, NoteItem
from workflows.incident.state import IncidentCase


def viewed(case: IncidentCase, event: ev.EvidenceViewed, recorded: Recorded) -> Changes:
    """Looked at."""
    return _step(case, event.no, _custody(CustodyStep.VIEWED, recorded, purpose=event.purpose))


def exported(case: IncidentCase, event: ev.EvidenceExported, recorded: Recorded) -> Changes:
    """Copied out."""
    return _step(case, event.no, _custody(CustodyStep.EXPORTED, recorded, purpose=event.purpose))


def handed_over(case: IncidentCase, event: ev.EvidenceHandedOver, recorded: Recorded) -> Changes:
    """In other hands."""
    said = _custody(CustodyStep.HANDED_OVER, recorded, event.purpose, giver=event.giver, receiver=event.receiver)
    return _step(case, event.no, said)


def checked(case: IncidentCase, event: ev.EvidenceChecked, recorded: Recorded) -> Changes:
    """Hashed again."""
    said = _custody(CustodyStep.CHECKED, recorded).model_copy(update={"result": event.result})
    return _step(case, event.no, said, finding=None if event.result is CheckResult.INTACT else event.result)


def disposal_asked(case: IncidentCase, event: ev.DisposalAsked, recorded: Recorded) -> Changes:
    """To be destroyed."""
    said = _custody(CustodyStep.DISPOSAL_ASKED, recorded, event.reason)
    return _step(case, event.no, said, disposal_asked_by=recorded.by, disposal_asked_at=recorded.at)


def disposal_ended(case: IncidentCase, event: ev.DisposalEnded, recorded: Recorded) -> Changes:
    """Not to be destroyed: the file is as before, and may be asked about anew."""
    ended = {ev.DisposalWithdrawn: CustodyStep.DISPOSAL_WITHDRAWN, ev.DisposalRefused: CustodyStep.DISPOSAL_REFUSED}
    said = _custody(ended[type(event)], recorded, event.reason)
    return _step(case, event.no, said, disposal_asked_by=None, disposal_asked_at=None)


def disposed(case: IncidentCase, event: ev.EvidenceDisposed, recorded: Recorded) -> Changes:
    """Destroyed."""
    said = _custody(CustodyStep.DISPOSED, recorded)
    return _step(case, event.no, said, disposed_at=recorded.at, finding=None)


def original_changed(case: IncidentCase, event: ev.OriginalChanged, recorded: Recorded) -> Changes:
    """The original is not what it was."""
    gone = event.change is OriginalChange.DELETED
    step = CustodyStep.ORIGINAL_DELETED if gone else CustodyStep.ORIGINAL_EDITED
    return _step(case, event.no, _custody(step, recorded))


def asked(_case: IncidentCase, _event: ev.FileAsked, _recorded: Recorded) -> Changes:
    """Nothing is kept yet."""
    return {}


def unfetched(case: IncidentCase, event: ev.FileUnfetched, recorded: Recorded) -> Changes:
    """A gap."""
    gap = Gap(seq=recorded.seq, origin=event.origin, why=event.why, file_name=event.file_name, at=recorded.at)
    return {"gaps": (*case.gaps, gap)}


def message_pinned(case: IncidentCase, event: ev.MessagePinned, recorded: Recorded) -> Changes:
    """A message on the timeline."""
    note = note_item(NoteKind.MESSAGE, recorded, event.text)
    more = {"origin": event.origin, "author": event.author, "version": event.version}
    return {"notes": (*case.notes, note.model_copy(update=more))}


def message_edited(case: IncidentCase, event: ev.MessageEdited, recorded: Recorded) -> Changes:
    """What it says since."""
    note = note_item(NoteKind.EDITED, recorded, event.text)
    return {"notes": (*case.notes, note.model_copy(update={"about": event.about, "version": event.version}))}


def message_deleted(case: IncidentCase, event: ev.MessageDeleted, recorded: Recorded) -> Changes:
    """Gone in Slack."""
    note = note_item(NoteKind.DELETED, recorded, "")
    return {"notes": (*case.notes, note.model_copy(update={"about": event.about}))}


def note_item(kind: NoteKind, recorded: Recorded, text: Any) -> NoteItem:
    """An item of the timeline, marked with what it is."""
    return NoteItem(seq=recorded.seq, kind=kind, text=text, by=recorded.by, occurred_at=recorded.when, at=recorded.at)


def _custody(
    step: CustodyStep,
    recorded: Recorded,
    purpose: OptionalText = None,
    *,
    giver: OptionalText = None,
    receiver: OptionalText = None,
) -> Custody:
    return Custody(step=step, by=recorded.by, at=recorded.when, purpose=purpose, giver=giver, receiver=receiver)


def _step(case: IncidentCase, no: int, step: Custody, **more: datetime | str | None) -> Changes:
    before = next((one.custody for one in case.evidence if one.no == no), ())
    return {"evidence": replaced(case.evidence, where=numbered(no), custody=(*before, step), **more)}


EVIDENCE_FOLDS: Final[dict[type[Event], Callable[[IncidentCase, Any, Recorded], Changes]]] = {
    ev.EvidenceViewed: viewed,
    ev.EvidenceExported: exported,
    ev.EvidenceHandedOver: handed_over,
    ev.EvidenceChecked: checked,
    ev.DisposalAsked: disposal_asked,
    ev.DisposalWithdrawn: disposal_ended,
    ev.DisposalRefused: disposal_ended,
    ev.EvidenceDisposed: disposed,
    ev.OriginalChanged: original_changed,
    ev.FileAsked: asked,
    ev.FileUnfetched: unfetched,
    ev.MessagePinned: message_pinned,
    ev.MessageEdited: message_edited,
    ev.MessageDeleted: message_deleted,
}
"""Part of the folds of an incident."""
