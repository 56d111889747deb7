"""Reminders of corrective actions, by direct message: the case's channel may be long archived."""

from dataclasses import dataclass

import structlog

from bot.chat import correctives as chat
from bot.chat.reply import Paragraph, Reply
from bot.chat.texts import correctives
from bot.chat.texts.told import Telling
from bot.correctives import Due, due_by
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack.directly import to_each, write
from bot.slack.posting import message
from bot.slack.reach import Reach
from workflows.incident.corrective_effects import CORRECTIVE_TOLD
from workflows.incident.others import may_know
from workflows.incident.owed import Step, asked
from workflows.incident.state import IncidentCase

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Correcting(Reach):
    """The handler of `slack.corrective`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(CORRECTIVE_TOLD, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """To each of them once, in their language."""
        due = due_by(job, self.read_case)
        if due is None or due.step is None:
            return
        listed = asked(self.people.policy, due.case, due.action, due.owed, due.step)
        users = dict.fromkeys(user for user in map(self.people.slack_id, listed) if user)
        if not users:
            log.warning("nobody_to_remind", case=str(due.case.id), step=due.step.value)
        back_in = self._back_in(job, due) if users else ""
        to_each(users, lambda user: write(self, job, due.case, user, self._message(due, user, back_in)))

    def _message(self, due: Due, user: str, back_in: str) -> dict[str, object]:
        t = self.translator(self.people.language(user))
        telling = Telling(t, due.case, self.people.policy, self.now())
        late = due.step is Step.LATE
        text = correctives.reminder(telling, due.action, due.owed, late=late, back_in=back_in)
        reply = Reply((Paragraph(text),), buttons=chat.buttons(t, due.case, due.action))
        return message(t, self.people, reply)

    def _back_in(self, job: Job, due: Due) -> str:
        """Where the root cause came back. That case may have become confidential since it was planned."""
        found = self.read_case(job.text("back_in")) if "back_in" in job.payload else None
        return found.number if isinstance(found, IncidentCase) and may_know(due.case, of=found) else ""
