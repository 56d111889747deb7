"""Gives somebody the case that they asked for: its report and its export, in a direct message to them alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from bot.casefile.giving import CaseTexts
from bot.chat.exporting import SCOPE
from bot.chat.reply import Reply, say
from bot.chat.texts import common, exports
from bot.jobs.port import GiveUp, Handlers, Job, JobTools
from bot.slack.calls import Calls
from bot.slack.given import Given
from bot.slack.people import People
from bot.slack.posting import message
from bot.slack.uploading import OutFile, Uploading
from config.i18n import Translator
from config.policy.ids import Visibility
from workflows.actors import Actor
from workflows.events import Recorded
from workflows.exported import CaseExported
from workflows.holding import visible
from workflows.incident.evidence_effects import GIVE
from workflows.incident.state import IncidentCase
from workflows.incident.workflow import WORKFLOW
from workflows.workflow import Case

log = structlog.get_logger(__name__)

_NO_SCOPE: Final = "missing_scope"


@dataclass(frozen=True, slots=True)
class Giving:
    """The handler of `slack.export`. Who may see the case is asked again when it runs."""

    calls: Calls
    people: People
    read_case: Callable[[str], Case | None]
    read_entry: Callable[[str, int], tuple[Recorded, str] | None]
    texts: Callable[[str, Actor, str], CaseTexts | None]
    """Report and export of a case, for somebody, in a language."""
    translator: Callable[[str], Translator]
    given: Given

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(GIVE, self)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """Both files in one message to whoever asked; a sentence where they may not have them any more."""
        case, entry = self.read_case(job.text("case")), self.read_entry(job.text("case"), job.number("seq"))
        if not isinstance(case, IncidentCase) or entry is None or not isinstance(entry[0].event, CaseExported):
            return
        user = self.people.user_in(case, entry[0].by)
        if user is None:
            log.warning("export_without_slack", case=str(case.id))
            return
        speaker = self.people.speaker(user)
        t = self.translator(speaker.language)
        if not visible(WORKFLOW, case, speaker.actor):
            self._tell(job, t, user, say(common.nothing_to_show(t, case.number)))
        elif case.visibility is Visibility.SEALED:
            self._tell(job, t, user, _elsewhere(t, case, exports.too_confidential(t, case.number)))
        else:
            texts = self.texts(case.number, speaker.actor, speaker.language)
            self._send(job, t, user, case, texts, entry)
        # Meanwhile the case may have become confidential; and a try whose answer was lost may have got through.
        self.given.settle(job.text("case"), entry[0].by)

    def _send(
        self, job: Job, t: Translator, user: str, case: IncidentCase, texts: CaseTexts | None,
        entry: tuple[Recorded, str],
    ) -> None:  # fmt: skip
        if texts is None:
            return
        # With the number of the entry: asked for again, it is another file, and one that came is found by its name.
        stem = f"{case.number}-{job.number('seq')}"
        files = (OutFile(f"{stem}.md", texts.report.encode()), OutFile(f"{stem}.json", texts.proof.encode()))
        comment = f"{exports.here(t, case.number, files[1].name)}\n{common.receipts(t, entry[1:])}"
        try:
            note = partial(self.given.note, case, entry[0].by)
            Uploading(self.calls).send(job, self.calls.direct(user), comment, files, note)
        except GiveUp as error:
            if error.reason != _NO_SCOPE:
                raise
            # No later try helps until somebody adds it; whoever asked hears so instead of waiting.
            log.warning("export_without_scope", case=str(case.id), scope=SCOPE)
            why = exports.no_scope(t, SCOPE, exports.admins(t, self.people.policy))
            self._tell(job, t, user, _elsewhere(t, case, why))

    def _tell(self, job: Job, t: Translator, user: str, reply: Reply) -> None:
        self.calls.post(job, self.calls.direct(user), message(t, self.people, reply))


def _elsewhere(t: Translator, case: IncidentCase, why: str) -> Reply:
    return say(why, exports.at_the_terminal(t, case.number))
