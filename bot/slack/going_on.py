"""A case got another channel because the one before is archived: the new one says so, and links to it."""

from dataclasses import dataclass
from typing import Final

from bot.chat.reply import Paragraph, Reply
from bot.chat.texts import incident
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack import places
from bot.slack.calls import unless_archived
from bot.slack.delivery import not_there_yet
from bot.slack.posting import message
from bot.slack.reach import Reach
from workflows.incident.state import IncidentCase

GOES_ON: Final = "slack.goes_on"
"""Say in the new channel of `case` that the one before, `left`, is archived."""


@dataclass(frozen=True, slots=True)
class GoingOn(Reach):
    """The handler of `slack.goes_on`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(GOES_ON, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """Once the new channel is there. A case that is over again has no use for it."""
        case = self.read_case(job.text("case"))
        if not isinstance(case, IncidentCase) or not case.state.is_open:
            return
        channel = places.home(self.links, case)
        if channel is None:
            raise not_there_yet(job)
        t = self.translator(self.policy.language)
        told = Reply((Paragraph(incident.goes_on_here(t)),))
        with unless_archived():
            self.calls.post(job, channel, message(t, self.people, told, f"<#{job.text('left')}>"))
