"""Says that nobody looks after a report although all calls were made: where it is talked about, and to the ISB."""

from dataclasses import dataclass
from typing import Final

from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import next_steps, paging
from bot.chat.texts.told import Telling, marked
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack import places
from bot.slack.calls import unless_archived
from bot.slack.circle import oversight
from bot.slack.directly import to_each, write
from bot.slack.posting import message
from bot.slack.reach import Reach
from config.i18n import Translator
from workflows.incident.paging_effects import UNANSWERED
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import is_waiting

_TAKE: Final = "incident.ack"
_SHOW: Final = "incident.status"


@dataclass(frozen=True, slots=True)
class Unanswered(Reach):
    """The handler of `slack.unanswered`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(UNANSWERED, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """One line with a button, and the first time to ISB and deputy directly; later only where there is no place.

        None once somebody looks after it.
        """
        case = self.read_case(job.text("case"))
        if not isinstance(case, IncidentCase) or not is_waiting(case):
            return
        first, place = "seq" in job.payload, places.talk(self.links, case)
        if place is not None:
            with unless_archived():
                self.calls.post(job, place[0], self._where_it_is_talked_about(job, case, first=first), place[1])
        if first or place is None:
            to_each(
                oversight(self.people),
                lambda user: write(self, job, case, user, self._directly(case, user, first=first)),
            )

    def _where_it_is_talked_about(self, job: Job, case: IncidentCase, *, first: bool) -> dict[str, object]:
        t, entry = self.translator(self.policy.language), None
        told = " ".join(f"<@{user}>" for user in oversight(self.people))
        if first:
            entry = self.read_entry(job.text("case"), job.number("seq"))
            told = f"{paging.told_directly(t)} {told}" if told else ""
        text = paging.unanswered(self._telling(t, case), first=first)
        receipts = (entry[1],) if entry else ()
        reply = Reply((Paragraph(marked(t, case, text)),), buttons=(_button(t, case, _TAKE),), receipts=receipts)
        return message(t, self.people, reply, told)

    def _directly(self, case: IncidentCase, user: str, *, first: bool) -> dict[str, object]:
        t = self.translator(self.people.language(user))
        text = paging.unanswered_directly(self._telling(t, case), first=first)
        buttons = (_button(t, case, _TAKE), _button(t, case, _SHOW))
        return message(t, self.people, Reply((Paragraph(marked(t, case, text)),), buttons=buttons))

    def _telling(self, t: Translator, case: IncidentCase) -> Telling:
        return Telling(t, case, self.people.policy, self.now())


def _button(t: Translator, case: IncidentCase, action: str) -> Button:
    return Button(action, next_steps.label(t, action), case.number, primary=action == _TAKE)
