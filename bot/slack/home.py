"""The home tab: shown to whoever opens it, and renewed for a while when something on it changes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final

import structlog

from bot.chat.app import Chat
from bot.jobs.port import Closing, GiveUp, Handlers, Job, JobTools
from bot.slack.body import text_at
from bot.slack.calls import Calls
from bot.slack.links import Links
from bot.slack.people import People
from bot.slack.render import Renderer
from config.i18n import Translator
from workflows.store.rows import InboxRow, JobDraft
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import HOMES

log = structlog.get_logger(__name__)

HOME: Final = "slack.home"
"""Publish the home tab of one `user`; `opened` when they look at it right now."""
OPENED: Final = "slack.home_opened"
"""Link scope: Slack user → when they last opened the tab (ISO 8601, UTC)."""
SHOWN: Final = "slack.home_shown"
"""Link scope: Slack user → a short mark of what their tab shows, so that nothing is published twice."""
PENDING: Final = "slack.home_pending"
"""Link scope: Slack user → the mark of the last renewal that was asked for."""
LATELY: Final = timedelta(hours=12)
"""So long after it was opened a tab is renewed by itself; later when it is opened again."""
_MARK: Final = 8


def is_home(event: Mapping[str, Any]) -> bool:
    """Whether somebody opened the home tab (and not the one with messages)."""
    return text_at(event, "type") == "app_home_opened" and text_at(event, "tab") == "home"


def opened(uow: UnitOfWork, row: InboxRow, event: Mapping[str, Any]) -> None:
    """Somebody looks at their home tab."""
    user = text_at(event, "user")
    if user:
        uow.links.put(OPENED, user, row.received_at.isoformat())
        uow.jobs.enqueue(JobDraft(HOME, f"{HOME}:{user}", f"{HOME}:opened:{row.id}", {"user": user, "opened": 1}))


@dataclass(frozen=True, slots=True)
class HomeTab:
    """The handlers of `slack.home` and `slack.homes`."""

    calls: Calls
    links: Links
    people: People
    chat: Chat
    translator: Callable[[str], Translator]
    now: Callable[[], datetime]
    elsewhere: str = ""
    """Address of the page with all that is open; empty where no page can be reached."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which jobs are ours."""
        handlers.outbox(HOME, self.publish, judges=False)
        handlers.inbox(HOMES, self.renew, judges=False)

    def publish(self, job: Job, _tools: JobTools) -> Closing | None:
        """One person's tab, as they may see it now and in their language."""
        user = job.text("user")
        speaker = self.people.speaker(user)
        renderer = Renderer(self.translator(speaker.language), self.people.slack_id)
        view = dict(renderer.home(self.chat.home(speaker), self.elsewhere))
        mark = sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()[:_MARK]
        if "opened" not in job.payload and self.links.get(SHOWN, user) == mark:
            return None
        try:
            self.calls.ask(partial(self.calls.client.views_publish, user_id=user, view=view))
        except GiveUp as error:
            # A tab that is switched off, or of somebody who left: nobody is to be alarmed for that.
            log.warning("slack_home_not_shown", error=error.reason)
            return None
        return lambda uow: uow.links.put(SHOWN, user, mark)

    def renew(self, job: Job, uow: UnitOfWork) -> None:
        """Something changed: one job for everybody who opened their tab lately. The others are forgotten."""
        since = (self.now() - LATELY).isoformat()
        for user, at in uow.links.of(OPENED).items():
            if at < since:
                uow.links.remove(OPENED, user)
                uow.links.remove(SHOWN, user)
                uow.links.remove(PENDING, user)
            else:
                self._ask(uow, user, f"{HOME}:{user}:{job.id}")

    def _ask(self, uow: UnitOfWork, user: str, mark: str) -> None:
        """One renewal at a time: one that still waits, for Slack's limits as well, is the same as a new one."""
        uow.jobs.cancel(uow.links.get(PENDING, user) or "")
        uow.links.put(PENDING, user, mark)
        uow.jobs.enqueue(JobDraft(HOME, f"{HOME}:{user}", mark, {"user": user}))
