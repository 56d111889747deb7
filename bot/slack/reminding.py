"""Reminders where people work on a case: whoever leads it is mentioned, and when it is late the ISB."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import next_steps, paging
from bot.chat.texts.told import Telling
from bot.jobs.port import Handlers, Job, JobTools
from bot.reminders import LATE, owed_by
from bot.slack import places
from bot.slack.calls import Calls, unless_archived
from bot.slack.links import Links
from bot.slack.people import People
from bot.slack.posting import message
from config.i18n import Translator
from config.policy.ids import Role, Visibility
from config.policy.models import Policy
from workflows.events import IdentityData
from workflows.incident.effects import REMIND
from workflows.incident.promises import Promise, is_owed
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

_OVERSIGHT: Final = (Role.ISB, Role.DEPUTY)
_ACTIONS: Final = {
    Promise.UPDATE: "incident.update",
    Promise.CONTAIN: "incident.eradicate",
    Promise.REVIEW: "incident.close",
}


@dataclass(frozen=True, slots=True)
class Reminding:
    """The handler of `slack.remind`."""

    calls: Calls
    links: Links
    read_case: Callable[[str], Case | None]
    people: People
    policy: Policy
    translator: Callable[[str], Translator]
    now: Callable[[], datetime]

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(REMIND, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """In the case's channel, else in its thread."""
        case = self.read_case(job.text("case"))
        promise, due = owed_by(job)
        if not isinstance(case, IncidentCase) or not is_owed(case, promise, due):
            return
        t, late = self.translator(self.policy.language), LATE in job.payload
        action = _ACTIONS[promise]
        text = paging.reminder(Telling(t, case, self.policy, self.now()), promise, due, late=late)
        button = Button(action, next_steps.label(t, action), case.number, primary=True)
        called = " ".join(f"<@{user}>" for user in self._asked(case, late=late))
        told = message(t, self.people, Reply((Paragraph(text),), buttons=(button,)), called)
        channel = places.home(self.links, case)
        thread = places.message_at(self.links, places.THREAD, str(case.id))
        with unless_archived():
            if channel is not None:
                self.calls.post(job, channel, told)
            elif thread is not None and case.visibility is Visibility.TEAM:
                self.calls.post(job, thread.channel, told, thread.ts)

    def _asked(self, case: IncidentCase, *, late: bool) -> tuple[str, ...]:
        who = case.people.get(case.lead) if case.lead else None
        lead = self.people.slack_id(who.id) if isinstance(who, IdentityData) else None
        first = [lead] if lead else [one.slack for one in self.policy.on_call()[:1]]
        oversight = [one.slack for role in _OVERSIGHT for one in self.policy.holders(role)]
        # Of a strictly confidential case not even the ISB knows, unless named: the channel is called, nobody else.
        more = oversight if late and case.visibility is not Visibility.SEALED else []
        return tuple(dict.fromkeys(user for user in (*first, *more) if user))
