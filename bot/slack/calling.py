"""Writes to people who are called to a report, and says in its thread who is called next."""

from dataclasses import dataclass
from typing import Final

import structlog

from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import next_steps, paging
from bot.chat.texts.told import Telling, marked
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack import places
from bot.slack.directly import write
from bot.slack.posting import message
from bot.slack.reach import Reach
from config.policy.ids import Visibility
from workflows.incident.paging import is_again
from workflows.incident.paging_effects import CALL
from workflows.incident.paging_events import Paged
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import is_waiting

log = structlog.get_logger(__name__)

_BUTTONS: Final = ("incident.ack", "incident.cant", "incident.status")
TOLD: Final = "slack.called"
"""Link scope: case and entry → the thread was told of it."""


@dataclass(frozen=True, slots=True)
class Calling(Reach):
    """The handler of `slack.page`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(CALL, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """A direct message with the buttons, and from the second step on a mention in the thread."""
        case, found = self.read_case(job.text("case")), self.read_entry(job.text("case"), job.number("seq"))
        if not isinstance(case, IncidentCase) or found is None or not isinstance(found[0].event, Paged):
            return
        if not is_waiting(case):
            return  # Somebody was faster than this message: nobody is to be woken for nothing.
        event, receipt = found[0].event, found[1]
        user = self.people.user_in(case, event.person)
        if user is None:
            log.warning("called_without_slack", case=str(case.id), step=event.step)
            return
        again = is_again(case, event.person, found[0].at)
        self._in_thread(job, case, event, paging.next_called(self.translator(self.policy.language), again=again), user)
        t = self.translator(self.policy.language)
        buttons = tuple(
            Button(action, next_steps.label(t, action), case.number, primary=action == _BUTTONS[0])
            for action in _BUTTONS
        )
        text = marked(t, case, paging.call(Telling(t, case, self.people.policy, self.now()), again=again))
        reply = Reply((Paragraph(text),), buttons=buttons, receipts=(receipt,))
        write(self, job, case, user, message(t, self.people, reply))

    def _in_thread(self, job: Job, case: IncidentCase, event: Paged, text: str, user: str) -> None:
        thread = places.message_at(self.links, places.THREAD, str(case.id))
        mark = f"{case.id}:{job.number('seq')}"
        if thread is None or event.step == 0 or case.visibility is not Visibility.TEAM or self.links.get(TOLD, mark):
            return
        t = self.translator(self.policy.language)
        told = message(t, self.people, Reply((Paragraph(text),)), f"<@{user}>")
        self.calls.post(job, thread.channel, told, thread.ts)
        self.links.put(TOLD, mark, "yes")
