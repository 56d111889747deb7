"""Bookmarks at the top of a case's channel: the links that the policy names."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from bot.jobs.port import GiveUp, Handlers, Job, JobTools
from bot.slack import places
from bot.slack.calls import ARCHIVED, Calls
from bot.slack.delivery import not_there_yet
from bot.slack.links import Links
from config.policy.models import Policy
from workflows.incident.effects import BOOKMARKS
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

log = structlog.get_logger(__name__)

_NOT_WORTH_AN_ALARM: Final = frozenset({ARCHIVED, "missing_scope", "invalid_link", "restricted_action"})
"""Nobody misses a case for its bookmarks: told in the log, and `doctor` names the missing scope."""


@dataclass(frozen=True, slots=True)
class Bookmarking:
    """The handler of `slack.bookmarks`."""

    calls: Calls
    links: Links
    read_case: Callable[[str], Case | None]
    policy: Policy

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(BOOKMARKS, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """Those that are not there yet."""
        case, wanted = self.read_case(job.text("case")), self.policy.slack.bookmarks
        if not isinstance(case, IncidentCase) or not wanted:
            return
        channel = places.home(self.links, case)
        if channel is None:
            if case.wants_channel:
                raise not_there_yet(job)
            return
        try:
            self._set(channel)
        except GiveUp as error:
            if error.reason not in _NOT_WORTH_AN_ALARM:
                raise
            log.warning("slack_bookmarks_not_set", case=str(case.id), error=error.reason)

    def _set(self, channel: str) -> None:
        client = self.calls.client
        listed = self.calls.ask(partial(client.bookmarks_list, channel_id=channel)).get("bookmarks") or []
        known = {one.get("link") for one in listed}
        for one in self.policy.slack.bookmarks:
            if one.url not in known:
                add = partial(client.bookmarks_add, channel_id=channel, title=one.title, type="link", link=one.url)
                self.calls.ask(add)
