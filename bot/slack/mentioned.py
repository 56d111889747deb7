"""Somebody mentions the bot, or writes to it directly: answered where only they read it, in their language."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from bot.chat.app import Chat
from bot.chat.port import Utterance
from bot.jobs.port import GiveUp, Handlers, Job, JobTools
from bot.slack.body import text_at
from bot.slack.calls import ARCHIVED, Calls
from bot.slack.heard import MENTION, event_in
from bot.slack.people import People
from bot.slack.posting import message
from bot.slack.written import as_written
from config.i18n import Translator
from workflows.store.rows import InboxId
from workflows.store.store import Store

log = structlog.get_logger(__name__)

_FIRST: Final = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^<>]*)?>")
_ELSEWHERE: Final = ("user_not_in_channel", "channel_not_found", "not_in_channel", ARCHIVED)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """The handler of `slack.mention`."""

    calls: Calls
    store: Store
    people: People
    chat: Chat
    translator: Callable[[str], Translator]
    bot_user: Callable[[], str]

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(MENTION, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """In the channel, or the thread, for their eyes only; directly where that is not possible."""
        with self.store.reading() as reads:
            row = reads.inbox.get(InboxId(job.number("inbox")))
        event = event_in(row.body if row else None)
        user, channel, thread = (text_at(event, key) for key in ("user", "channel", "thread_ts"))
        directly = text_at(event, "channel_type") == "im"
        if not user or not channel:
            return
        speaker = self.people.speaker(user)
        said = Utterance(speaker, self._words(text_at(event, "text")), "incident", channel)
        reply = self.chat.mentioned(said, thread)
        told = message(self.translator(speaker.language), self.people, reply)
        here = partial(
            self.calls.client.chat_postEphemeral, channel=channel, user=user, thread_ts=thread or None, **told
        )
        try:
            if directly:
                self.calls.post(job, channel, told)
            elif not self.calls.tolerating(here, *_ELSEWHERE):
                self.calls.post(job, self.calls.direct(user), told)
        except GiveUp as error:
            # Nobody is to be alarmed for an answer that reaches nobody.
            log.warning("slack_mention_not_answered", error=error.reason)

    def _words(self, text: str) -> str:
        """What was said besides the mention."""
        own = self.bot_user()
        tokens = re.compile(rf"<@{own}(?:\|[^<>]*)?>") if own else _FIRST
        return as_written(tokens.sub("", text, count=0 if own else 1), self.chat.policy).strip()
