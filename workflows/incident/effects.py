"""Work that follows a recorded incident: its thread and channel in Slack, and a look for causes that came back.

Each step of the channel has a key of its own, so that one that keeps failing holds back no other. Payloads carry ids
only; who reads them is decided at delivery. A drill is worked on like an incident, so it has the same effects.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from config.policy.ids import CaseRole, Visibility
from workflows.access import is_stricter
from workflows.events import Event, Recorded
from workflows.incident.alerts import TOLD, told_lately
from workflows.incident.corrective_effects import correctives_owed
from workflows.incident.drill_events import DrillStarted, Injected
from workflows.incident.events import (
    Acknowledged,
    ActionRecorded,
    Assessed,
    CaseLinked,
    CorrectiveOpened,
    CorrectiveReopened,
    DutyConfirmed,
    DutyDecided,
    DutyOpened,
    EvidenceRecorded,
    Moved,
    Noted,
    OverrideDenied,
    OverrideGranted,
    OverrideRequested,
    Reported,
    RoleAssigned,
    SeveritySet,
    TaskDone,
    TaskOpened,
    Updated,
    VisibilitySet,
)
from workflows.incident.evidence_effects import evidence_jobs
from workflows.incident.evidence_events import (
    DISPOSAL_EVENTS,
    EvidenceHandedOver,
    FileUnfetched,
    MessageDeleted,
    MessageEdited,
    MessagePinned,
    OriginalChanged,
)
from workflows.incident.feedback_events import FeedbackGiven
from workflows.incident.given_effects import reclaims
from workflows.incident.handover_events import HandoverAccepted, HandoverDeclined, HandoverOffered
from workflows.incident.issue_effects import issue_reads
from workflows.incident.merging_events import DuplicateJoined
from workflows.incident.owner_effects import is_awaited, owner_asked
from workflows.incident.owner_events import OWNER_EVENTS
from workflows.incident.paging_effects import calls, pager
from workflows.incident.paging_events import PageDeclined
from workflows.incident.promises import Promise, is_owed, promised, stamp
from workflows.incident.recurrence import tag_of
from workflows.incident.second_events import SecondAsked
from workflows.incident.state import IncidentCase
from workflows.incident.task_events import TASK_EVENTS
from workflows.workflow import Effect, home_tabs

THREAD: Final = "slack.thread"
CREATE: Final = "slack.channel.create"
TOPIC: Final = "slack.channel.topic"
INVITE: Final = "slack.channel.invite"
SUMMARY: Final = "slack.summary"
DIGEST: Final = "slack.digest"
POST: Final = "slack.post"
BOOKMARKS: Final = "slack.bookmarks"
ARCHIVE: Final = "slack.archive"
LEAVE: Final = "slack.channel.leave"
RESYNC: Final = "slack.resync"
"""Forget what is gone, then build what is missing; `case` and `run`."""
RECURRENCE: Final = "timer.recurrence"
INJECT: Final = "timer.inject"
"""Tell what comes to light next in a drill, when it is due."""
MERGE: Final = "timer.merge"
"""Tell `main` whether the case is its duplicate."""
DUE: Final = "timer.due"
"""What was promised is due: `what` (its place among the promises), `due` (a stamp) and, some time after, `late`."""
REMIND: Final = "slack.remind"
"""Remind whoever owes it, where people work on the case."""
OFFER: Final = "slack.handover"
"""Ask somebody to lead."""
PRIVACY: Final = "slack.privacy"
"""Tell the data protection officer that personal data is or may be affected."""
ARCHIVE_AFTER: Final = timedelta(minutes=15)
"""So long the channel of a case that is over stays open: its last lines are still posted, and read."""

NEWS: Final[tuple[type[Event], ...]] = (
    Acknowledged,
    Assessed,
    Moved,
    Noted,
    Updated,
    SeveritySet,
    VisibilitySet,
    RoleAssigned,
    ActionRecorded,
    EvidenceRecorded,
    TaskOpened,
    TaskDone,
    CorrectiveOpened,
    CorrectiveReopened,
    OverrideRequested,
    OverrideGranted,
    OverrideDenied,
    CaseLinked,
    FileUnfetched,
    EvidenceHandedOver,
    *DISPOSAL_EVENTS,
    OriginalChanged,
    MessagePinned,
    MessageEdited,
    MessageDeleted,
    PageDeclined,
    DuplicateJoined,
    Injected,
    HandoverAccepted,
    HandoverDeclined,
    SecondAsked,
    DutyDecided,
    DutyConfirmed,
    *OWNER_EVENTS,
    *TASK_EVENTS,
)
"""Entries that those who work on the case read about where they talk."""


def effects(
    before: IncidentCase, after: IncidentCase, recorded: tuple[Recorded, ...], version: int
) -> tuple[Effect, ...]:
    """Everything that has to follow these entries; nothing for a case that is entered after the fact."""
    if recorded and all(isinstance(item.event, FeedbackGiven) for item in recorded):
        return ()  # It is read by whoever looks; a channel may be archived by then.
    kept = (
        *evidence_jobs(after, recorded),
        *_homes(before, after, recorded),
        *correctives_owed(before, after, recorded),
        *_merges(before, after, version),
        *reclaims(before, after, version),
        *issue_reads(after, recorded),
    )
    if after.backfill:
        return kept
    return (
        *kept,
        *_places(before, after, recorded, version),
        *_privacy(before, after, recorded, version),
        *_news(after, recorded),
        *_causes(before, after, version),
        *calls(after, recorded),
        *_asks(after, recorded),
        *owner_asked(after, recorded),
        *_dues(after, recorded),
        *pager(before, after, recorded),
    )


def _places(
    before: IncidentCase, after: IncidentCase, recorded: tuple[Recorded, ...], version: int
) -> Iterator[Effect]:
    if after.state.is_open and not before.state.is_open:
        yield _places_anew(after, version)
        return
    if any(isinstance(item.event, Reported) for item in recorded):
        yield _effect(after, THREAD, "once")
    elif is_stricter(after.visibility, before.visibility):
        yield from _hidden(before, after, version)
    if before.state.is_open and not after.state.is_open:
        # Also of what turned out to be no incident: it may have been taken for one, and have a channel.
        yield replace(_effect(after, ARCHIVE, str(version)), after=recorded[-1].at + ARCHIVE_AFTER)
    if not after.wants_channel:
        return
    fresh = not before.wants_channel
    if fresh:
        # Not "once": the channel of a case that was over, and is an incident again, is archived.
        yield _effect(after, CREATE, str(version))
        yield _effect(after, BOOKMARKS, str(version))
    if fresh or _headline(before) != _headline(after):
        yield _effect(after, TOPIC, str(version))
        yield _effect(after, DIGEST, str(version))
    if fresh or _people(before) != _people(after):
        yield _effect(after, INVITE, str(version))
    if not all(told_lately(after, item) for item in recorded):
        yield _effect(after, SUMMARY, str(version))


def _hidden(before: IncidentCase, after: IncidentCase, version: int) -> Iterator[Effect]:
    """Fewer people may see it: what more of them read is left, and taken back."""
    if before.visibility is Visibility.TEAM and before.wants_channel:
        # Slack lets nobody but its administrators hide a channel: the case goes on in another one.
        yield _effect(after, CREATE, str(version))
        yield _effect(after, BOOKMARKS, str(version))
    yield _effect(after, LEAVE, str(version))
    if not after.wants_channel:
        # It may have been announced while it was taken for an incident.
        yield _effect(after, DIGEST, str(version))


def informs_dpo(case: IncidentCase) -> bool:
    """Whether data protection sees the case by its role, and works on it: not a confidential one, nor a quiet drill."""
    return case.concerns_dpo and case.visibility is Visibility.TEAM and not case.quiet and not case.backfill


def _privacy(
    before: IncidentCase, after: IncidentCase, recorded: tuple[Recorded, ...], version: int
) -> Iterator[Effect]:
    """Personal data is or may be affected (GDPR Art. 33: the 72 hours run), or more of it than was decided upon."""
    again = any(isinstance(one.event, DutyOpened) and before.duty(one.event.regime) for one in recorded)
    if informs_dpo(after) and (again or not informs_dpo(before)):
        told = _effect(after, PRIVACY, str(version))
        yield replace(told, payload={**told.payload, "run": version}) if again else told


def _places_anew(case: IncidentCase, version: int) -> Effect:
    """A case that was opened again: its channel may be archived. What is posted waits until that was looked at."""
    payload: dict[str, str | int] = {"case": str(case.id), "run": version}
    return Effect(RESYNC, f"{POST}:{case.id}", f"{RESYNC}:{case.id}:{version}", payload)


def places_again(case: IncidentCase, run: str, *, had_channel: bool = False) -> tuple[Effect, ...]:
    """What gives an open case its places in Slack, as far as they are missing. `run` keeps one time from another.

    `had_channel`: whether it lost one, and gets another whatever it is assessed as now.
    """
    if case.backfill or not case.state.is_open:
        return ()
    channel = (CREATE, TOPIC, INVITE, SUMMARY, DIGEST, BOOKMARKS) if case.wants_channel or had_channel else ()
    kinds = (THREAD, *channel)
    return tuple(_effect(case, kind, f"again:{run}") for kind in kinds)


def _people(case: IncidentCase) -> tuple[object, ...]:
    """Who is to be in the channel follows from these."""
    return (case.roles, case.visibility, case.owners, informs_dpo(case))


def _headline(case: IncidentCase) -> tuple[object, ...]:
    return (case.severity, case.state, case.lead, case.visibility)


def _news(after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    handed_over = any(isinstance(item.event, HandoverAccepted) for item in recorded)
    assessed = next((item for item in recorded if isinstance(item.event, Assessed)), None)
    led = next((item for item in recorded if assessed and _leads(item)), None)
    for item in recorded:
        if item is led or (handed_over and isinstance(item.event, RoleAssigned)) or told_lately(after, item) > TOLD:
            continue  # The post about the assessment says it, or the acceptance; or a flood has its last line.
        if isinstance(item.event, NEWS) or is_awaited(item, recorded):
            payload: dict[str, str | int] = {"case": str(after.id), "seq": item.seq}
            if item is assessed and led is not None:
                payload["also"] = led.seq
            yield Effect(POST, f"{POST}:{after.id}", f"{POST}:{after.id}:{item.seq}", payload)


def _leads(item: Recorded) -> bool:
    return isinstance(item.event, RoleAssigned) and item.event.case_role is CaseRole.LEAD


def _homes(before: IncidentCase, after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    if recorded and _at_home(before) != _at_home(after):
        yield home_tabs(recorded[-1].at)


def _at_home(case: IncidentCase) -> tuple[object, ...]:
    """What home tabs show of a case, and to whom."""
    shown = (case.number, case.title, case.what, case.severity, case.state, case.tasks, case.correctives, case.duties)
    asked = (case.handover, case.owner_asked, case.overrides, case.disposals)
    return (*shown, *asked, case.roles, case.visibility, case.personal_data, case.open_due_items)


def _asks(after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    """Who is asked to lead; and a drill begins to unfold."""
    for item in recorded:
        if isinstance(item.event, DrillStarted):
            yield Effect(INJECT, "", f"{INJECT}:{after.id}:0", {"case": str(after.id)}, timer=True)
        elif isinstance(item.event, HandoverOffered):
            mark = f"{after.id}:{item.seq}"
            payload: dict[str, str | int] = {"case": str(after.id), "seq": item.seq}
            yield Effect(OFFER, f"{OFFER}:{mark}", f"{OFFER}:{mark}", payload)


def _dues(after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    for item in recorded:
        for number, (promise, due) in enumerate(promised(item.event)):
            if is_owed(after, promise, due):
                what = list(Promise).index(promise)
                payload: dict[str, str | int] = {"case": str(after.id), "what": what, "due": stamp(due)}
                yield Effect(DUE, "", f"{DUE}:{after.id}:{item.seq}:{number}", payload, after=due, timer=True)


def _causes(before: IncidentCase, after: IncidentCase, version: int) -> Iterator[Effect]:
    """A root cause was named: did a finished corrective action of an earlier case fail to keep it away?"""
    if tag_of(after) and tag_of(after) != tag_of(before):
        yield Effect(RECURRENCE, "", f"{RECURRENCE}:{after.id}:{version}", {"case": str(after.id)}, timer=True)


def _merges(before: IncidentCase, after: IncidentCase, version: int) -> Iterator[Effect]:
    """The case that goes on gets to know its duplicate, or that it has one less."""
    if before.merged_into != after.merged_into:
        for main in filter(None, (before.merged_into, after.merged_into)):
            payload: dict[str, str | int] = {"case": str(after.id), "main": str(main)}
            yield Effect(MERGE, f"{MERGE}:{after.id}", f"{MERGE}:{after.id}:{version}", payload)


def _effect(case: IncidentCase, kind: str, mark: str) -> Effect:
    return Effect(kind, f"{kind}:{case.id}", f"{kind}:{case.id}:{mark}", {"case": str(case.id)})
