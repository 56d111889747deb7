"""Messages about emergencies, findings and late reviews: told at once, to those whose turn it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from bot.chat.deploying import approvers
from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import change_events, next_steps
from bot.chat.texts.telling import Telling
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack import places
from bot.slack.directly import to_each_once
from bot.slack.posting import message
from bot.slack.reach import Reach
from config.i18n import Translator
from config.policy.ids import Role, SecondPersonRule
from workflows.change.codes import Escalation
from workflows.change.effects_emergency import ALERT
from workflows.change.emergency_events import EmergencyEnded, EmergencyOpened, RetrospectiveEscalated
from workflows.change.events import DeployAsked, FindingOpened, RolledBack
from workflows.change.state import ChangeCase
from workflows.events import Recorded, plain

OVERSIGHT: Final = (Role.ISB, Role.DEPUTY)
_EXPLAINING: Final = (Role.RELEASE_MANAGER, Role.SERVICE_OWNER)
"""Who is asked why an environment went back; anybody who may record it can answer."""
SENT: Final = "slack.alerted"
"""Link scope: case and entry → Slack users who were told directly."""


@dataclass(frozen=True, slots=True)
class Alerts(Reach):
    """The handler of `slack.alert`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner that these jobs are ours."""
        handlers.outbox(ALERT, self.alert)

    def alert(self, job: Job, _tools: JobTools) -> None:
        """One entry: where changes are announced, with a mention; without such a channel, to each of them directly."""
        case = self.read_case(job.text("case"))
        found = self.read_entry(job.text("case"), job.number("seq"))
        if not isinstance(case, ChangeCase) or found is None:
            return
        item, receipt = found
        t = self.translator(self.policy.language)
        text = change_events.sentence(Telling(t, case, self.policy.zone), item)
        reply = Reply((Paragraph(f"{case.number}: {text}"),), buttons=_buttons(t, case, item), receipts=(receipt,))
        called = tuple(dict.fromkeys(self._called(case, item)))
        if self.policy.slack.digest_channel is None:
            self._directly(job, t, reply, called)
            return
        mention = " ".join(f"<@{user}>" for user in called)
        self.calls.post(job, places.addressed(self.policy.slack.digest_channel), self._message(t, reply, mention))

    def _directly(self, job: Job, t: Translator, reply: Reply, users: Iterable[str]) -> None:
        mark = f"{job.text('case')}:{job.number('seq')}"
        told = self._message(t, reply, "")
        to_each_once(self.links, (SENT, mark), users, lambda user: self.calls.post(job, self.calls.direct(user), told))

    def _message(self, t: Translator, reply: Reply, mention: str) -> dict[str, Any]:
        return message(t, self.people, reply, mention)

    def _called(self, case: ChangeCase, item: Recorded) -> Iterator[str]:
        """The Slack users whose turn it is."""
        event = item.event
        if isinstance(event, EmergencyOpened):
            first = self.people.user_in(case, item.by)
            yield from (one for one in self._holding(self._seconds) if one != first)
        if isinstance(event, RolledBack) and event.reason is None:
            yield from self._holding(_EXPLAINING)
        if isinstance(event, DeployAsked):
            yield from (one.slack for one in approvers(self.people.policy, case) if one.slack)
        if isinstance(event, RetrospectiveEscalated) and event.to is Escalation.OWNER:
            owner = self.people.user_in(case, case.owner) or self.people.user_in(case, case.requester)
            yield from (owner,) if owner else self._holding(OVERSIGHT)
        elif isinstance(event, FindingOpened | EmergencyEnded | RetrospectiveEscalated):
            yield from self._holding(OVERSIGHT)

    @property
    def _seconds(self) -> tuple[Role, ...]:
        return self.policy.second_persons[SecondPersonRule.EMERGENCY].roles

    def _holding(self, roles: Iterable[Role]) -> Iterator[str]:
        return (person.slack for person in self.people.policy.reachable(*roles) if person.slack)


def _buttons(t: Translator, case: ChangeCase, item: Recorded) -> tuple[Button, ...]:
    """Whoever presses one is asked for their own rights."""
    show = Button("change.status", next_steps.label(t, "change.status"), case.number)
    event = item.event
    waiting = isinstance(event, EmergencyOpened) and any(
        one.id == event.emergency and one.second is None and one.ended_at is None for one in case.emergencies
    )
    if waiting:
        confirm = Button("change.emergency", next_steps.confirm_emergency(t), f"{case.number} confirm", primary=True)
        return (confirm, show)
    if isinstance(event, RolledBack) and event.reason is None:
        value = f"{case.number} {plain(event.environment)}"
        return (Button("change.rollback", next_steps.why_back(t), value, primary=True), show)
    if isinstance(event, DeployAsked):
        where = f"{case.number} deploy {plain(event.environment)}"
        label = next_steps.approve_deploy(t, plain(event.environment))
        why = Button("change.deploy", next_steps.label(t, "change.deploy"), where.replace(" deploy ", " ", 1))
        return (Button("change.approve", label, where, primary=True), why)
    if case.review is not None:
        return (Button("change.review", next_steps.label(t, "change.review"), case.number), show)
    return (show,)
