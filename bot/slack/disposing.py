"""Tells whoever asked for the destruction of evidence that somebody else ended their request (A.5.28)."""

from dataclasses import dataclass

from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import next_steps, yours
from bot.chat.texts.told import Telling, marked
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack.directly import write
from bot.slack.posting import message
from bot.slack.reach import Reach
from workflows.holding import visible
from workflows.incident.evidence_effects import DISPOSAL_OVER
from workflows.incident.evidence_events import DisposalEnded
from workflows.incident.state import IncidentCase
from workflows.incident.workflow import WORKFLOW


@dataclass(frozen=True, slots=True)
class Disposing(Reach):
    """The handler of `slack.disposal`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(DISPOSAL_OVER, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """One direct message: the channel of a case that is over may be archived. None to who may not see it now."""
        case, found = self.read_case(job.text("case")), self.read_entry(job.text("case"), job.number("seq"))
        if not isinstance(case, IncidentCase) or found is None or not isinstance(found[0].event, DisposalEnded):
            return
        user = self.people.user_in(case, found[0].event.asked_by)
        speaker = self.people.speaker(user) if user else None
        if user is None or speaker is None or not visible(WORKFLOW, case, speaker.actor):
            return
        t = self.translator(speaker.language)
        text = marked(t, case, yours.told(Telling(t, case, self.people.policy, self.now()), found[0]))
        show = Button("incident.status", next_steps.label(t, "incident.status"), case.number, primary=True)
        reply = Reply((Paragraph(text),), buttons=(show,), receipts=(found[1],))
        write(self, job, case, user, message(t, self.people, reply))
