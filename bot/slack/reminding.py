"""Reminders where people work on a case: whoever leads it is mentioned, and when it is late the ISB."""

from dataclasses import dataclass
from typing import Final

from bot.chat import agreeing, steps
from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import next_steps, paging
from bot.chat.texts.told import Telling
from bot.jobs.port import Handlers, Job, JobTools
from bot.reminders import LATE, owed_by
from bot.slack import places
from bot.slack.agreeing import question
from bot.slack.calls import unless_archived
from bot.slack.circle import oversight
from bot.slack.directly import to_each, write
from bot.slack.posting import message
from bot.slack.reach import Reach
from config.i18n import Translator
from config.policy.ids import Visibility
from workflows.incident.effects import REMIND
from workflows.incident.promises import Promise, is_owed
from workflows.incident.state import IncidentCase

_ACTIONS: Final = {
    Promise.UPDATE: "incident.update",
    Promise.CONTAIN: "incident.eradicate",
    Promise.REVIEW: "incident.close",
}
_ANSWERS: Final = (Promise.HANDOVER, Promise.OWNER)
"""Answers of somebody who was asked: without a place where people talk, those concerned are written to."""


@dataclass(frozen=True, slots=True)
class Reminding(Reach):
    """The handler of `slack.remind`."""

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
        text = paging.reminder(Telling(t, case, self.people.policy, self.now()), promise, due, late=late)
        called = " ".join(f"<@{user}>" for user in self._asked(case, promise, late=late))
        told = message(t, self.people, Reply((Paragraph(text),), buttons=_buttons(t, case, promise)), called)
        place = places.talk(self.links, case)
        if place is not None:
            with unless_archived():
                self.calls.post(job, place[0], told, place[1])
        elif promise in _ANSWERS:
            to_each(self._asked(case, promise, late=False), lambda user: write(self, job, case, user, told))
        # Last: the lead hears of it also where no message reaches the owner.
        if promise is Promise.OWNER:
            question(self, job, case)

    def _asked(self, case: IncidentCase, promise: Promise, *, late: bool) -> tuple[str, ...]:
        lead = self.people.user_in(case, case.lead or case.acknowledged_by)
        if lead and case.visibility is Visibility.TEAM:
            lead = self.people.instead(lead)
        first = [lead] if lead else [one.slack for one in self.people.policy.on_call()[:1]]
        if promise is Promise.HANDOVER and case.handover is not None:
            first = [self.people.user_in(case, case.handover.person), lead]
        # Of a strictly confidential case not even the ISB knows, unless named: the channel is called, nobody else.
        more = oversight(self.people) if late and case.visibility is not Visibility.SEALED else ()
        return tuple(dict.fromkeys(user for user in (*first, *more) if user))


def _buttons(t: Translator, case: IncidentCase, promise: Promise) -> tuple[Button, ...]:
    if promise is Promise.HANDOVER:
        return steps.handover_decision(t, case)
    if promise is Promise.OWNER:
        return (agreeing.ask_button(t, case),)
    unassessed = promise is Promise.CONTAIN and case.assessment is None
    action = "incident.assess" if unassessed else _ACTIONS[promise]
    return (Button(action, next_steps.label(t, action), case.number, primary=True),)
