"""A case got another channel because the one before is archived: the new one says so, and links to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.chat.reply import Paragraph, Reply
from bot.chat.texts import incident
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack import places
from bot.slack.calls import Calls, unless_archived
from bot.slack.delivery import not_there_yet
from bot.slack.links import Links
from bot.slack.people import People
from bot.slack.posting import message
from config.i18n import Translator
from config.policy.models import Policy
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

GOES_ON: Final = "slack.goes_on"
"""Say in the new channel of `case` that the one before, `left`, is archived."""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """The handler of `slack.goes_on`."""

    calls: Calls
    links: Links
    read_case: Callable[[str], Case | None]
    people: People
    policy: Policy
    translator: Callable[[str], Translator]

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
