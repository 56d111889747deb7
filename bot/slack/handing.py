"""Asks somebody to lead, where people work on the case; without such a place, directly."""

from dataclasses import dataclass

from bot.chat import steps
from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import handover, incident_events, next_steps
from bot.chat.texts.told import Telling, marked
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack import places
from bot.slack.calls import unless_archived
from bot.slack.directly import write
from bot.slack.posting import message
from bot.slack.reach import Reach
from workflows.incident.effects import OFFER
from workflows.incident.handover_events import HandoverOffered
from workflows.incident.state import IncidentCase


@dataclass(frozen=True, slots=True)
class Handing(Reach):
    """The handler of `slack.handover`."""

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(OFFER, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """One offer, with its buttons, to who is asked. One that was answered meanwhile asks nobody."""
        case, found = self.read_case(job.text("case")), self.read_entry(job.text("case"), job.number("seq"))
        if not isinstance(case, IncidentCase) or found is None or not isinstance(found[0].event, HandoverOffered):
            return
        item, receipt = found
        if case.handover is None or case.handover.person != found[0].event.person:
            return
        t = self.translator(self.policy.language)
        user = self.people.user_in(case, case.handover.person)
        place = places.talk(self.links, case)
        if place is not None:
            text = marked(t, case, incident_events.sentence(Telling(t, case, self.people.policy, self.now()), item))
            reply = Reply((Paragraph(text),), buttons=steps.handover_decision(t, case), receipts=(receipt,))
            mention = f"{handover.asked_to_lead(t)} <@{user}>" if user else ""
            with unless_archived():
                self.calls.post(job, place[0], message(t, self.people, reply, mention), place[1])
        elif user is not None:
            show = Button("incident.status", next_steps.label(t, "incident.status"), case.number)
            reply = Reply(
                (Paragraph(marked(t, case, handover.asked_directly(t, case.number))),),
                buttons=(*steps.handover_decision(t, case), show),
                receipts=(receipt,),
            )
            write(self, job, case, user, message(t, self.people, reply))
