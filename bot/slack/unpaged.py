"""Says where a report is talked about that the pager takes no call: somebody has to phone."""

from dataclasses import dataclass

from bot.chat.reply import Paragraph, Reply
from bot.chat.texts import paging
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack import places
from bot.slack.calls import unless_archived
from bot.slack.posting import message
from bot.slack.reach import Reach
from workflows.incident.effects import UNPAGED
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import is_waiting


@dataclass(frozen=True, slots=True)
class Unpaged(Reach):
    """The handler of `slack.unpaged`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(UNPAGED, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """One line with whoever is on call mentioned; none once somebody looks after it."""
        case = self.read_case(job.text("case"))
        place = places.talk(self.links, case) if isinstance(case, IncidentCase) and is_waiting(case) else None
        if place is None:
            return
        t = self.translator(self.policy.language)
        users = " ".join(f"<@{one.slack}>" for one in self.people.policy.on_call()[:1] if one.slack)
        mention = f"{paging.by_phone(t)} {users}" if users else ""
        told = message(t, self.people, Reply((Paragraph(paging.pager_silent(t)),)), mention)
        with unless_archived():
            self.calls.post(job, place[0], told, place[1])
