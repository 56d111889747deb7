"""Asks a service owner directly whether they agree; what happened stays behind a button."""

from dataclasses import dataclass

from bot.chat import agreeing
from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import agreement, next_steps
from bot.chat.texts.told import Telling, marked
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack import places
from bot.slack.calls import unless_archived
from bot.slack.directly import write
from bot.slack.posting import message
from bot.slack.reach import Reach
from workflows.incident.owner_effects import ASK_OWNER
from workflows.incident.owner_events import OwnerAsked
from workflows.incident.state import IncidentCase


@dataclass(frozen=True, slots=True)
class Agreeing(Reach):
    """The handler of `slack.owner`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(ASK_OWNER, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """One question. One that was answered, or put to somebody else meanwhile, is not asked."""
        case, found = self.read_case(job.text("case")), self.read_entry(job.text("case"), job.number("seq"))
        if not isinstance(case, IncidentCase) or found is None or not isinstance(found[0].event, OwnerAsked):
            return
        asked = case.owner_asked
        if asked is not None and (asked.person, asked.at) == (found[0].event.person, found[0].at):
            question(self, job, case, found[1])


def question(by: Reach, job: Job, case: IncidentCase, receipt: str = "") -> None:
    """Puts the question to who is asked, in their language; whom no message reaches is named where people talk."""
    user = by.people.user_in(case, case.owner_asked.person) if case.owner_asked else None
    if user is None:
        _unreachable(by, job, case)
        return
    t = by.translator(by.people.language(user))
    show = Button("incident.status", next_steps.label(t, "incident.status"), case.number)
    text = marked(t, case, agreement.asked_directly(t, case.number))
    buttons, receipts = (*agreeing.decision(t, case), show), (receipt,) if receipt else ()
    write(by, job, case, user, message(t, by.people, Reply((Paragraph(text),), buttons=buttons, receipts=receipts)))


def _unreachable(by: Reach, job: Job, case: IncidentCase) -> None:
    t, place = by.translator(by.policy.language), places.talk(by.links, case)
    if place is None:
        return
    text = agreement.unreachable(Telling(t, case, by.people.policy, by.now()))
    with unless_archived():
        by.calls.post(job, place[0], message(t, by.people, Reply((Paragraph(text),))), place[1])
