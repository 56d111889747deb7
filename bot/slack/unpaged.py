"""Says where a report is talked about that the pager takes no call: somebody has to phone."""

from dataclasses import dataclass
from typing import Any

from bot.chat.reply import Paragraph, Reply
from bot.chat.texts import paging
from bot.chat.texts.told import marked
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack import places
from bot.slack.calls import unless_archived
from bot.slack.circle import concerned
from bot.slack.directly import to_each, write
from bot.slack.posting import message
from bot.slack.reach import Reach
from config.i18n import Translator
from workflows.incident.paging_effects import UNPAGED
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
        if not isinstance(case, IncidentCase) or not is_waiting(case):
            return
        place = places.talk(self.links, case)
        if place is None:
            self._directly(job, case)
            return
        t = self.translator(self.policy.language)
        with unless_archived():
            self.calls.post(job, place[0], self._message(t, paging.pager_silent(t)), place[1])

    def _message(self, t: Translator, text: str) -> dict[str, Any]:
        users = " ".join(f"<@{one.slack}>" for one in self.people.policy.on_call()[:1] if one.slack)
        mention = f"{paging.by_phone(t)} {users}" if users else ""
        return message(t, self.people, Reply((Paragraph(text),)), mention)

    def _directly(self, job: Job, case: IncidentCase) -> None:
        """Nobody talks about it in a channel: who leads or recorded it and may see it, and the next on the ladder."""
        inside = concerned(self.people, case)
        own = (self.people.user_in(case, one) for one in (case.lead, case.recorded_by))
        following = (one.slack for one in self.people.policy.on_call()[1:2])

        def tell(user: str) -> None:
            t = self.translator(self.people.language(user))
            text = marked(t, case, f"{case.number}: {paging.pager_silent(t)}")
            write(self, job, case, user, self._message(t, text))

        to_each((one for one in (*(one for one in own if one in inside), *following) if one), tell)
