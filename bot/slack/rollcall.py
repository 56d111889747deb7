"""Whoever left while nobody listened: the people of the policy are looked up in Slack twice a day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog

from bot.jobs.port import GiveUp, Handlers, Job, JobTools, Retry
from bot.slack.calls import Calls
from bot.slack.departing import Members
from workflows.service import Service
from workflows.store.rows import JobDraft

log = structlog.get_logger(__name__)

ROLLCALL: Final = "slack.rollcall"
_JOB: Final = JobDraft(ROLLCALL, "", ROLLCALL, {})
EVERY: Final = timedelta(hours=12)
FIRST: Final = timedelta(minutes=10)
"""After the start: Slack has told what it still had to tell by then."""


@dataclass(frozen=True, slots=True)
class Rollcall:
    """The handler of `slack.rollcall`."""

    calls: Calls
    service: Service

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.rounds(ROLLCALL, self.round)

    def begin(self) -> None:
        """At the start: look soon."""
        job = replace(_JOB, run_at=self.service.moment.now() + FIRST)
        self.service.retrying(lambda uow: uow.jobs.keep(job))

    def round(self, job: Job, tools: JobTools) -> timedelta:
        """Each person with an account in Slack. An account that Slack does not know is a slip, and nobody left."""
        for person in self.service.policy.people:
            if tools.is_stopping():
                break
            try:
                found = self._user(person.slack) if person.slack else None
            except Retry as error:
                log.warning("slack_rollcall_broken_off", reason=error.reason)
                return FIRST
            if person.slack and found:
                self._note(person.slack, f"{job.id}:{tools.now:%Y%m%d%H%M%S}", closed=found.get("deleted") is True)
        return EVERY

    def _note(self, user: str, mark: str, *, closed: bool) -> None:
        members = Members(self.service)
        self.service.retrying(lambda uow: members.note(uow, user, mark, closed=closed))

    def _user(self, user: str) -> Mapping[str, Any]:
        try:
            answer = self.calls.ask(partial(self.calls.client.users_info, user=user))
        except GiveUp:
            return {}
        found = answer.get("user")
        return found if isinstance(found, dict) else {}
