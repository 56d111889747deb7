"""Work that follows what was recorded about evidence, messages on the timeline, and copies given out."""

from collections.abc import Iterator
from typing import Final

from workflows.actors import Source
from workflows.events import Recorded
from workflows.exported import CaseExported
from workflows.incident.evidence_events import (
    DisposalEnded,
    EvidenceChecked,
    EvidenceDisposed,
    FileAsked,
    MessagePinned,
)
from workflows.incident.evidence_terms import CheckResult
from workflows.incident.state import IncidentCase
from workflows.workflow import Effect

KEEP: Final = "slack.keep"
"""Fetch a file and keep it."""
AUTHOR: Final = "slack.author"
"""Tell whoever wrote a message that it is on the timeline."""
GIVE: Final = "slack.export"
"""Give somebody the case that they asked for, by direct message."""
EVIDENCE_ALERT: Final = "slack.evidence"
"""Tell oversight that kept evidence is not what it was."""
DISPOSE: Final = "timer.dispose"
"""Delete a file whose disposal two persons agreed to."""
DISPOSAL_OVER: Final = "slack.disposal"
"""Tell whoever asked that somebody else ended their request, and the file stays."""


def evidence_jobs(after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    """One job for each entry that something follows from; also of a case that is entered after the fact."""
    for item in recorded:
        kind = _kind(item)
        if kind:
            payload: dict[str, str | int] = {"case": str(after.id), "seq": item.seq}
            mark = f"{kind}:{after.id}:{item.seq}"
            yield Effect(kind, mark, mark, payload)


def _kind(item: Recorded) -> str:
    event = item.event
    follows = {
        KEEP: isinstance(event, FileAsked),
        AUTHOR: isinstance(event, MessagePinned) and event.author not in (None, item.by),
        EVIDENCE_ALERT: isinstance(event, EvidenceChecked) and event.result is not CheckResult.INTACT,
        DISPOSE: isinstance(event, EvidenceDisposed),
        DISPOSAL_OVER: isinstance(event, DisposalEnded) and event.asked_by != item.by,
        GIVE: isinstance(event, CaseExported) and item.source is Source.SLACK,
    }
    return next((kind for kind, does in follows.items() if does), "")
