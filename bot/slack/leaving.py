"""A case became confidential: what more people could read than may see it is left, and said where it was."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.chat.reply import Paragraph, Reply
from bot.chat.texts import incident
from bot.jobs.port import Handlers, Job, JobTools, Retry
from bot.slack import places
from bot.slack.calls import ARCHIVED, Calls, unless_archived
from bot.slack.circle import concerned
from bot.slack.directly import written_to
from bot.slack.posting import message
from bot.slack.privacy import TOLD
from bot.slack.reach import Reach
from bot.slack.retracting import Retracting
from workflows.incident.effects import LEAVE
from workflows.incident.state import IncidentCase

_PAGE: Final = 200
_GONE: Final = ("not_in_channel", "cant_kick_self", "user_not_found", "cant_kick_from_general", ARCHIVED)


@dataclass(frozen=True, slots=True)
class Leaving(Reach):
    """The handler of `slack.channel.leave`. Slack lets no bot hide a channel, or delete what others wrote."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(LEAVE, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """Take back what we said in the thread and to whom was called; empty and close the open channel, and say so."""
        case = self.read_case(job.text("case"))
        if not isinstance(case, IncidentCase) or not places.is_private(case):
            return
        t = self.translator(self.policy.language)
        redacted = message(t, self.people, Reply((Paragraph(incident.redacted(t, case.number)),)))
        ours = Retracting(self.calls, self.bot_id(), redacted)
        thread = places.message_at(self.links, places.THREAD, str(case.id))
        if thread is not None:
            ours.thread(thread)
        for user in self._outsiders(case):
            ours.direct(user, str(case.id), case.number, case.opened_at)
        self.links.remove(TOLD, str(case.id))
        for channel in self._open_channels(case):
            self._close(job, case, channel, ours)

    def _outsiders(self, case: IncidentCase) -> tuple[str, ...]:
        """Who was written to about the case, and works on it no more. Versions before noted calls and privacy only."""
        told = (*written_to(self.links, case), *(self.links.get(TOLD, str(case.id)) or "").split())
        called = (self.people.user_in(case, one.person) for one in case.pages)
        inside = concerned(self.people, case)
        return tuple(dict.fromkeys(user for user in (*told, *called) if user and user not in inside))

    def _open_channels(self, case: IncidentCase) -> Iterator[str]:
        for channel in self.links.keys_of(places.CHANNEL_CASE, case.number):
            if self.links.get(places.OPEN, channel):
                yield channel

    def _close(self, job: Job, case: IncidentCase, channel: str, ours: Retracting) -> None:
        t, new = self.translator(self.policy.language), places.home(self.links, case)
        if new is None and case.wants_channel:
            raise Retry("channel_not_there_yet")
        emptied = ours.channel(channel)
        if new is not None:
            with unless_archived():
                told = Reply((Paragraph(incident.left_behind(t) if emptied else incident.archived_behind(t)),))
                self.calls.post(job, new, message(t, self.people, told, f"<#{channel}>"))
        # It says how bad it is, and who leads.
        self.calls.tolerating(partial(self.calls.client.conversations_setTopic, channel=channel, topic=""), *_GONE)
        self.calls.tolerating(partial(self.calls.client.conversations_archive, channel=channel), "already_archived")
        self.links.put(places.OPEN, channel, "")


def show_out(calls: Calls, channel: str, staying: AbstractSet[str]) -> None:
    """Remove whoever may not see the case (any more) from its private channel."""
    for user in _members(calls, channel):
        if user not in staying:
            calls.tolerating(partial(calls.client.conversations_kick, channel=channel, user=user), *_GONE)


def _members(calls: Calls, channel: str) -> tuple[str, ...]:
    found: list[str] = []
    cursor = ""
    while True:
        page = partial(calls.client.conversations_members, channel=channel, limit=_PAGE, cursor=cursor or None)
        answer = calls.ask(page)
        found += answer.get("members") or []
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return tuple(found)
