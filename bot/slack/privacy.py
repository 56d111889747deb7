"""Tells the data protection officer that personal data is or may be affected (GDPR Art. 33; A.5.34)."""

from dataclasses import dataclass
from typing import Final

from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import incident, next_steps
from bot.chat.texts.told import marked
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack.directly import to_each_once, write
from bot.slack.posting import message
from bot.slack.reach import Reach
from config.policy.ids import Role
from workflows.incident.effects import PRIVACY, informs_dpo
from workflows.incident.state import IncidentCase

TOLD: Final = "slack.privacy"
"""Link scope: case id → Slack users who were told."""


@dataclass(frozen=True, slots=True)
class Privacy(Reach):
    """The handler of `slack.privacy`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(PRIVACY, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """One direct message each, once per case and once for each `run`, when a decision is open again.

        None when the case became confidential meanwhile.
        """
        case = self.read_case(job.text("case"))
        if not isinstance(case, IncidentCase) or not informs_dpo(case):
            return
        again = "run" in job.payload
        mark = f"{case.id}:{job.number('run')}" if again else str(case.id)
        users = tuple(one.slack for one in self.people.policy.reachable(Role.DPO) if one.slack)
        to_each_once(
            self.links,
            (TOLD, mark),
            users,
            lambda user: write(self, job, case, user, self._message(case, user, again=again)),
        )

    def _message(self, case: IncidentCase, user: str, *, again: bool) -> dict[str, object]:
        t = self.translator(self.people.language(user))
        show = Button("incident.status", next_steps.label(t, "incident.status"), case.number, primary=True)
        text = marked(t, case, incident.told_privacy(t, case, again=again))
        return message(t, self.people, Reply((Paragraph(text),), buttons=(show,)))
