"""What is heard in Slack: pushpins, files, edits and deletions, and members of the workspace who change.

Events are stored and answered first; a job works out what they mean. What needs a call to Slack gets a job of its own.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from bot.jobs.port import Handlers, Job, Retry
from bot.slack import places
from bot.slack.body import text_at
from bot.slack.departing import Members, changed, is_change
from bot.slack.groups import group_changed, is_group_change
from bot.slack.home import is_home, opened
from bot.slack.written import as_written
from bot.startup import MACHINE
from workflows.incident.evidence_commands import NoteOriginal
from workflows.incident.evidence_effects import KEEP
from workflows.incident.evidence_terms import OriginalChange
from workflows.pointers import ORIGIN
from workflows.service import Service
from workflows.store.rows import InboxId, InboxRow, JobDraft
from workflows.store.unit_of_work import UnitOfWork

HEARD: Final = "slack.heard"
PIN: Final = "slack.pin"
MENTION: Final = "slack.mention"
"""Answer a mention, or what somebody writes to the bot directly; `inbox` is the delivery that told it."""
PINNING: Final = "slack.pinning"
"""Link scope: a message on its way to a timeline. An edit of it waits until it is there."""
PUSHPINS: Final = frozenset({"pushpin", "round_pushpin"})
_HOME: Final = "home"
_MENTION: Final = "mention"
_MEMBER: Final = "member"
_GROUP: Final = "group"
_SOON: Final = timedelta(seconds=2)
_LOOKS: Final = 8
"""So often it is looked whether a thread belongs to a case: four minutes."""
Event = Mapping[str, Any]


def event_in(body: bytes | None) -> Event:
    """The event of a delivery; empty when it holds none."""
    try:
        found = json.loads(body or b"{}").get("event")
    except (ValueError, AttributeError):
        return {}
    return found if isinstance(found, dict) else {}


def hear(uow: UnitOfWork, row: InboxRow) -> str:
    """Take a delivery in: what has consequences gets a job. Returns a note for the inbox."""
    event = event_in(row.body)
    kind = _kind(event)
    if kind == _HOME:
        opened(uow, row, event)
    elif kind == _GROUP:
        group_changed(uow, row, event)
    elif kind == _MENTION:
        uow.jobs.enqueue(JobDraft(MENTION, "", f"{MENTION}:{row.id}", {"inbox": row.id}))
    elif kind and (kind != _MEMBER or changed(uow, row, event)):
        uow.jobs.enqueue(JobDraft(HEARD, "", f"{HEARD}:{row.id}", {"inbox": row.id}))
    return kind


def _kind(event: Event) -> str:
    kind, subtype = text_at(event, "type"), text_at(event, "subtype")
    if kind == "reaction_added":
        return "pin" if text_at(event, "reaction") in PUSHPINS else ""
    if is_home(event):
        return _HOME
    if is_said_to_us(event):
        return _MENTION
    if kind == "message":
        return _of_message(event, subtype)
    return {"file_shared": "files", "file_deleted": "file_deleted"}.get(kind, "") or _of_workspace(event)


def _of_workspace(event: Event) -> str:
    """Members of the workspace and of its user groups."""
    if is_change(event):
        return _MEMBER
    return _GROUP if is_group_change(event) else ""


def is_said_to_us(event: Event) -> bool:
    """Whether a person mentions the bot, or writes to it directly."""
    directly = text_at(event, "channel_type") == "im" and not text_at(event, "subtype")
    told = text_at(event, "type") == "app_mention" or (text_at(event, "type") == "message" and directly)
    return told and not text_at(event, "bot_id")


def _of_message(event: Event, subtype: str) -> str:
    if subtype == "message_changed":
        # Without this mark Slack only unfolded a link in it, or counted its replies.
        return "edited" if text_at(event, "message", "edited", "ts") else ""
    if subtype == "message_deleted":
        return "deleted"
    return "files" if event.get("files") else ""


def moment_of(ts: str) -> datetime | None:
    """When a message was written; None for what is no time stamp."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def wait_for_thread(job: Job) -> None:
    """Ask for another try: a thread nobody knows may be a report's in a moment.

    Slack shows its first message before the answer has reached us, and after a lost answer well before.
    """
    if job.attempts < _LOOKS:
        raise Retry("thread_not_known_yet", _SOON * 2**job.attempts)


@dataclass(frozen=True, slots=True)
class Heard:
    """The handler of `slack.heard`; its effects and its end are one transaction."""

    service: Service

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which jobs are ours."""
        handlers.inbox(HEARD, self.heard)

    def heard(self, job: Job, uow: UnitOfWork) -> None:
        """Work out one event. One whose body was erased meanwhile is gone."""
        row = uow.inbox.get(InboxId(job.number("inbox")))
        event = event_in(row.body if row else None)
        match _kind(event):
            case "pin":
                self._pin(uow, event)
            case "files":
                self._files(uow, job, event)
            case "edited":
                message = event["message"]
                origin = f"{text_at(event, 'channel')}/{text_at(message, 'ts')}"
                when = moment_of(text_at(message, "edited", "ts"))
                text = as_written(text_at(message, "text"), self.service.policy)
                self._original(uow, origin, OriginalChange.EDITED, when, text)
            case "deleted":
                origin = f"{text_at(event, 'channel')}/{text_at(event, 'deleted_ts')}"
                self._original(uow, origin, OriginalChange.DELETED, moment_of(text_at(event, "ts")))
            case "member":
                Members(self.service).take(uow, job, event)
            case "file_deleted":
                when = moment_of(text_at(event, "event_ts"))
                self._original(uow, text_at(event, "file_id"), OriginalChange.DELETED, when)

    def _pin(self, uow: UnitOfWork, event: Event) -> None:
        channel, ts = text_at(event, "item", "channel"), text_at(event, "item", "ts")
        user = text_at(event, "user")
        if not channel or not ts or not user:
            return
        # The time of the reaction is the same in every repetition, another when somebody tries again after a refusal.
        mark = f"{PIN}:{channel}:{ts}:{user}:{text_at(event, 'event_ts')}"
        if uow.jobs.enqueue(JobDraft(PIN, "", mark, {"channel": channel, "ts": ts, "user": user})):
            uow.links.put(PINNING, f"{channel}/{ts}", user)

    def _files(self, uow: UnitOfWork, job: Job, event: Event) -> None:
        if not self.service.policy.evidence.keep_slack_files or text_at(event, "bot_id"):
            return
        thread = text_at(event, "thread_ts")
        number = case_at(uow, text_at(event, "channel") or text_at(event, "channel_id"), thread)
        row = uow.load_case(number) if number else None
        if row is None:
            if thread:
                wait_for_thread(job)
            return
        for file in _file_ids(event):
            mark = f"{KEEP}:{row.id}:{file}"
            uow.jobs.enqueue(JobDraft(KEEP, mark, mark, {"case": str(row.id), "file": file}))

    def _original(
        self, uow: UnitOfWork, origin: str, change: OriginalChange, when: datetime | None, text: str = ""
    ) -> None:
        for number in sorted((uow.links.get(ORIGIN, origin) or "").split()):
            command = NoteOriginal(case=number, origin=origin, change=change, text=text, occurred=when)
            self.service.handle_in(uow, command, MACHINE)
        if uow.links.get(PINNING, origin):
            raise Retry("not_on_the_timeline_yet", _SOON)


def _file_ids(event: Event) -> Iterator[str]:
    for one in event.get("files") or [{"id": text_at(event, "file_id")}]:
        if isinstance(one, dict) and text_at(one, "id"):
            yield text_at(one, "id")


def case_at(uow: UnitOfWork, channel: str, thread: str) -> str | None:
    """The number of the case that is talked about here: in its own channel, or in the thread of its report."""
    number = uow.links.get(places.CHANNEL_CASE, channel) if channel else None
    if number or not thread:
        return number
    for case_id in uow.links.keys_of(places.THREAD, f"{channel} {thread}"):
        row = uow.load_case_by_id(UUID(case_id))
        if row is not None:
            return row.number
    return None
