"""Files of a case that somebody got by direct message: which these are, and how they are taken back (A.5.15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.chat.reply import Paragraph, Reply
from bot.chat.texts import exports
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack.directly import to_each
from bot.slack.posting import message
from bot.slack.reach import Reach
from bot.slack.retracting import Retracting
from config.policy.ids import Visibility
from workflows.actors import Pseudonym
from workflows.holding import visible
from workflows.incident.given_effects import RECLAIM
from workflows.incident.state import IncidentCase
from workflows.incident.workflow import WORKFLOW

GIVEN: Final = "slack.given"
"""Link scope: id of a file → case id and pseudonym of whoever got it."""
_GONE: Final = ("file_not_found", "file_deleted")


@dataclass(frozen=True, slots=True)
class Given(Reach):
    """The handler of `slack.reclaim`. What people copied elsewhere is out of its reach."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(RECLAIM, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """Take back what one person got."""
        case = self.read_case(job.text("case"))
        if isinstance(case, IncidentCase):
            self.settle(job.text("case"), case.exports[job.number("no")].by)

    def note(self, case: IncidentCase, by: Pseudonym | None, file: str) -> None:
        """Whose a file is going to be, before they can see it: between the two the case may become confidential."""
        self.links.put(GIVEN, file, f"{case.id} {by}")

    def settle(self, case_id: str, by: Pseudonym | None) -> None:
        """Delete their files where they may not have them any more, and say so where they were; else nothing.

        Raises Retry or GiveUp, as Slack refuses; only after every file was tried.
        """
        files = self.links.keys_of(GIVEN, f"{case_id} {by}")
        case = self.read_case(case_id) if files else None
        if not isinstance(case, IncidentCase) or self._may_keep(case, by):
            return
        deleted = self._delete(files)
        user = self.people.user_in(case, by)
        if user is not None:
            t = self.translator(self.people.language(user))
            said = message(t, self.people, Reply((Paragraph(exports.taken_back(t, case.number)),)))
            Retracting(self.calls, self.bot_id(), said).files(user, files, case.opened_at)
        # One that is not there may be on its way still, by a try that has not ended.
        for file in deleted:
            self.links.remove(GIVEN, file)

    def _may_keep(self, case: IncidentCase, by: Pseudonym | None) -> bool:
        """A strictly confidential case lies in no Slack, not even with those who may see it."""
        user = self.people.user_in(case, by)
        if user is None or case.visibility is Visibility.SEALED:
            return False
        return visible(WORKFLOW, case, self.people.speaker(user).actor)

    def _delete(self, files: Sequence[str]) -> list[str]:
        deleted: list[str] = []

        def delete(file: str) -> None:
            if self.calls.tolerating(partial(self.calls.client.files_delete, file=file), *_GONE):
                deleted.append(file)

        to_each(files, delete)
        return deleted
