"""What jobs do in Slack after a commit. Texts are made here, from the case as it now stands; a job carries ids only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog

from bot.chat import agreeing, disposals, lookback, steps
from bot.chat.reply import Button, Paragraph, Reply
from bot.chat.texts import alerts, change, duplicates, ending, incident, incident_events, next_steps, waiting, yours
from bot.chat.texts.told import marked
from bot.jobs.port import Handlers, Job, JobTools, Retry
from bot.slack import limits, places
from bot.slack.calls import ARCHIVED, Calls, unless_archived
from bot.slack.circle import concerned, told_of_report
from bot.slack.directly import to_each, to_each_once, write
from bot.slack.leaving import show_out
from bot.slack.links import Links
from bot.slack.onward import Onward
from bot.slack.people import People
from bot.slack.places import Place
from bot.slack.posting import message
from bot.slack.retracting import Retracting
from config.i18n import Translator
from config.policy.ids import SecondPersonRule, Visibility
from config.policy.models import Policy
from workflows.actors import Pseudonym
from workflows.change.state import ChangeCase
from workflows.events import Recorded
from workflows.incident.alerts import TOLD, told_lately
from workflows.incident.events import DutyDecided, Moved
from workflows.incident.others import may_know
from workflows.incident.second_events import SecondAsked
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

log = structlog.get_logger(__name__)

ReadCase = Callable[[str], Case | None]
"""The case with this id, for the machine: whoever reads it has been chosen by where it is posted."""
ReadEntry = Callable[[str, int], tuple[Recorded, str] | None]
"""An entry of a case by its sequence number, with its receipt."""

SOON: Final = timedelta(milliseconds=300)
"""A channel is usually there after one call; what belongs into it looks again this soon, a few times."""
SOON_TRIES: Final = 5
_TOPIC_LONGEST: Final = 250
_SUFFIXES: Final = 9
_ALREADY_THERE: Final = ("already_in_channel", "cant_invite_self")
_NOT_INVITED: Final = ("user_not_found", "cant_invite", "user_is_restricted", ARCHIVED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers to one workspace."""

    calls: Calls
    links: Links
    read_case: ReadCase
    read_entry: ReadEntry
    people: People
    policy: Policy
    translator: Callable[[str], Translator]
    now: Callable[[], datetime]
    bot_user: Callable[[], str]

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which jobs are ours."""
        listed: Mapping[str, Callable[[Job, JobTools], None]] = {
            "slack.thread": self.thread,
            "slack.channel.create": self.create,
            "slack.channel.topic": self.topic,
            "slack.channel.invite": self.invite,
            "slack.summary": self.summary,
            "slack.digest": self.digest,
            "slack.post": self.post,
            "slack.change": self.change,
            "slack.archive": self.archive,
        }
        for kind, handler in listed.items():
            handlers.outbox(kind, handler, judges=False)

    # incidents ------------------------------------------------------------------------------------------------

    def thread(self, job: Job, _tools: JobTools) -> None:
        """A report as a thread in the intake channel, with whoever is on call mentioned; else by direct message."""
        case = self._incident(job)
        if case is None or self.links.get(places.THREAD, str(case.id)):
            return
        intake = self.policy.slack.intake_channel
        if case.visibility is not Visibility.TEAM or intake is None:
            self._tell_directly(job, case)
            return
        text = incident.thread_open(self._telling(case))
        # A thread that is built afterwards wakes nobody for what is looked after already.
        nobody = case.quiet or case.acknowledged or case.lead
        mention = "" if nobody else self._on_call_mention()
        message = self._message(Reply((Paragraph(text),), buttons=steps_for(self._t, case), case=case.number), mention)
        channel, ts = self.calls.post(job, places.addressed(intake), message)
        self.links.put(places.THREAD, str(case.id), str(Place(channel, ts)))

    def _tell_directly(self, job: Job, case: IncidentCase) -> None:
        """Confidential, or without an intake channel: to those concerned only, one message each."""
        text = marked(self._t, case, incident.told_directly(self._t, case))
        button = Button("incident.status", next_steps.label(self._t, "incident.status"), case.number)
        told = self._message(Reply((Paragraph(text, (button,)),)))
        users, noted = told_of_report(self.people, case), ("slack.told", str(case.id))
        to_each_once(self.links, noted, users, lambda user: write(self, job, case, user, told))

    def create(self, job: Job, _tools: JobTools) -> None:
        """The case's own channel: private when not everybody may see it."""
        case = self._incident(job)
        if case is None:
            return
        channel = places.home(self.links, case)
        if channel is None:
            channel = self._made(case, places.channel_name(self.policy, case))
            self.links.put(places.CHANNEL_CASE, channel, case.number)
            self.links.put(places.OPEN, channel, "" if places.is_private(case) else "yes")
            self.links.put(places.CHANNEL, str(case.id), channel)
        Onward(self.calls, self.links, self._t, self._message).show(job, case, channel)

    def _made(self, case: IncidentCase, name: str) -> str:
        """A new channel. A taken name is ours only if our bot made it after the case was opened; else a suffix."""
        private = places.is_private(case)
        for number in range(1, _SUFFIXES + 1):
            wanted = name if number == 1 else f"{name}-{number}"
            channel = self.calls.create(wanted, private=private) or self._own(case, wanted)
            if channel is not None:
                return channel
        raise Retry("name_taken")

    def _own(self, case: IncidentCase, name: str) -> str | None:
        """The channel of this name, if our bot made it for this very case in a try that was not recorded."""
        for one in self.calls.channels():
            if one.get("name") != name:
                continue
            ours = one.get("creator") == self.bot_user() and int(one.get("created") or 0) >= int(
                case.opened_at.timestamp()
            )
            free = self.links.get(places.CHANNEL_CASE, str(one.get("id"))) in {None, case.number}
            usable = bool(one.get("is_private")) == places.is_private(case) and not one.get("is_archived")
            return str(one["id"]) if ours and free and usable else None
        return None

    def topic(self, job: Job, _tools: JobTools) -> None:
        """Severity, phase, lead."""
        case = self._incident(job)
        channel = self._channel(job, case)
        if case is None or channel is None:
            return
        text = limits.cut_escaped(incident.topic(self._t, case), _TOPIC_LONGEST)
        self.calls.tolerating(lambda: self.calls.client.conversations_setTopic(channel=channel, topic=text), ARCHIVED)

    def invite(self, job: Job, _tools: JobTools) -> None:
        """Whoever works on the case, one by one: somebody who cannot be invited holds up nobody else."""
        case = self._incident(job)
        channel = self._channel(job, case)
        if case is None or channel is None:
            return
        fine = (*_ALREADY_THERE, *_NOT_INVITED)
        concerned = self._concerned(case)
        for user in concerned:
            self.calls.tolerating(partial(self.calls.client.conversations_invite, channel=channel, users=user), *fine)
        if places.is_private(case):
            show_out(self.calls, channel, {*concerned, self.bot_user()})

    def summary(self, job: Job, _tools: JobTools) -> None:
        """One pinned summary, edited in place."""
        case = self._incident(job)
        channel = self._channel(job, case)
        if case is None or channel is None:
            return
        message = self._message(self._summary(case))
        place = places.message_at(self.links, places.SUMMARY, str(case.id))
        if place is not None and place.channel != channel:
            place = None  # It stayed behind in a channel that was left.
        with unless_archived():
            self._renew_summary(job, case, channel, place, message)

    def _renew_summary(
        self, job: Job, case: IncidentCase, channel: str, place: Place | None, message: Mapping[str, Any]
    ) -> None:
        if place is None or not self.calls.update(place.channel, place.ts, message):
            place = Place(*self.calls.post(job, channel, message))
            self.links.put(places.SUMMARY, str(case.id), str(place))
        at = place
        self.calls.tolerating(
            lambda: self.calls.client.pins_add(channel=at.channel, timestamp=at.ts),
            "already_pinned",
            "message_not_found",
        )

    def _summary(self, case: IncidentCase) -> Reply:
        telling = self._telling(case)
        head = (incident.summary(telling), incident.last_update(telling))
        lines = (*head, *incident.open_points(telling), *disposals.lines(telling))
        buttons = (*steps_for(self._t, case), *steps.vacancies(self._t, case))
        return Reply(tuple(Paragraph(line) for line in lines if line), incident.facts(telling), buttons)

    def digest(self, job: Job, _tools: JobTools) -> None:
        """The announcement for everybody, edited in place; redacted when not everybody may know. Sealed: taken back."""
        case, configured = self._incident(job), self.policy.slack.digest_channel
        if case is None or configured is None:
            return
        place = places.message_at(self.links, places.DIGEST, str(case.id))
        if case.visibility is Visibility.SEALED:
            if place is not None:
                self._retracting(case).message(place)
                self.links.remove(places.DIGEST, str(case.id))
            return
        if place is None and not case.wants_channel:
            return
        message = Onward(self.calls, self.links, self._t, self._message).announcement(case)
        if place is None or not self.calls.update(place.channel, place.ts, message):
            posted = Place(*self.calls.post(job, places.addressed(configured), message))
            self.links.put(places.DIGEST, str(case.id), str(posted))

    def _retracting(self, case: IncidentCase) -> Retracting:
        return Retracting(self.calls, "", self._message(Reply((Paragraph(incident.redacted(self._t, case.number)),))))

    def post(self, job: Job, _tools: JobTools) -> None:
        """One recorded step: in the case's channel, else in its thread. Ends with its receipt."""
        case = self._incident(job)
        found = self.read_entry(str(job.payload["case"]), job.number("seq")) if case else None
        if case is None or found is None:
            return
        item, receipt = found
        also = self.read_entry(str(case.id), job.number("also")) if "also" in job.payload else None
        text, receipts = self._words(case, item), [receipt]
        if also is not None:
            text = f"{text} {incident_events.sentence(self._telling(case), also[0])}"
            receipts.append(also[1])
        if not text:
            return
        if isinstance(item.event, Moved) and case.merged_into is not None:
            main = self.read_case(str(case.merged_into))
            known = isinstance(main, IncidentCase) and may_know(case, of=main)
            text = f"{text} {duplicates.goes_on(self._t, main.number if main and known else '')}"
        message = self._asking(case, item, receipts, marked(self._t, case, text))
        channel = places.home(self.links, case)
        thread = places.message_at(self.links, places.THREAD, str(case.id))
        if channel is not None:
            with unless_archived():
                self.calls.post(job, channel, message)
                return
        elif case.wants_channel:
            raise not_there_yet(job)
        if thread is not None and case.visibility is Visibility.TEAM:
            self.calls.post(job, thread.channel, message, thread.ts)
        else:
            self._ask_directly(job, case, item)

    def _words(self, case: IncidentCase, item: Recorded) -> str:
        """The sentence for a step; the end of a case has words of its own."""
        telling = self._telling(case)
        if ending.is_closing(case, item.event):
            return ending.closed(telling)
        text = incident_events.sentence(telling, item)
        return f"{text} {alerts.no_more_told(self._t)}" if told_lately(case, item) == TOLD else text

    def _ask_directly(self, job: Job, case: IncidentCase, item: Recorded) -> None:
        """Where nobody talks about a case, whoever can be the second person is written to; content behind a button."""
        rule = waiting.asked(case, item.event)
        if rule is None:
            self._owner_directly(job, case, item)
            return
        show = Button("incident.status", next_steps.label(self._t, "incident.status"), case.number)
        text = marked(self._t, case, waiting.asked_directly(self._t, case.number))
        told = self._message(Reply((Paragraph(text),), buttons=(*self._answers(case, item), show)))
        to_each(self._seconds(case, rule, item.by), lambda user: write(self, job, case, user, told))

    def _asking(self, case: IncidentCase, item: Recorded, receipts: Sequence[str], text: str) -> dict[str, Any]:
        """A step as people read it; where it takes a second person, they are mentioned and get the button."""
        rule = waiting.asked(case, item.event)
        after = (lookback.asked(self._t, case),) if ending.is_closing(case, item.event) else ()
        reply = Reply((Paragraph(text), *after), buttons=self._answers(case, item), receipts=tuple(receipts))
        if rule is None:
            owner = self._owner_of(case, item) or self._waits_for(case, item)
            return self._message(reply, f"<@{owner}>" if owner else "")
        called = " ".join(f"<@{user}>" for user in self._seconds(case, rule, item.by))
        return self._message(reply, f"{incident.please(self._t, rule)} {called}" if called else "")

    def _answers(self, case: IncidentCase, item: Recorded) -> tuple[Button, ...]:
        rule = waiting.asked(case, item.event)
        if rule is SecondPersonRule.OVERRIDE:
            return steps.override_decision(self._t, case)
        if rule is SecondPersonRule.DISPOSAL:
            return disposals.answers(self._t, case, item.event)
        if isinstance(item.event, SecondAsked):
            return (steps.second_button(self._t, case),)
        if isinstance(item.event, DutyDecided) and rule is SecondPersonRule.DUTY:
            action = "incident.confirm"
            return (Button(action, next_steps.label(self._t, action), f"{case.number} {item.event.regime}"),)
        return agreeing.after(self._t, case, item)

    def _owner_of(self, case: IncidentCase, item: Recorded) -> str:
        """Whoever got something to do and may see it, unless it was they who took it; empty where nobody is to hear."""
        owner = item.event.owner if isinstance(item.event, yours.GIVING) else None
        user = self.people.user_in(case, owner) if owner is not None and owner != item.by else None
        return user if user and user in self._concerned(case) else ""

    def _waits_for(self, case: IncidentCase, item: Recorded) -> str:
        """The lead, where a service owner says something; empty for everything else."""
        waits = agreeing.is_word(item) and case.lead != item.by
        return (self.people.user_in(case, case.lead) or "") if waits else ""

    def _owner_directly(self, job: Job, case: IncidentCase, item: Recorded) -> None:
        user = self._owner_of(case, item)
        if not user:
            return
        t = self.translator(self.people.language(user))
        text = marked(t, case, yours.told(replace(self._telling(case), t=t), item))
        show = Button("incident.status", next_steps.label(t, "incident.status"), case.number, primary=True)
        write(self, job, case, user, message(t, self.people, Reply((Paragraph(text),), buttons=(show,))))

    def _seconds(self, case: IncidentCase, rule: SecondPersonRule, first: Pseudonym | None) -> tuple[str, ...]:
        """Whoever may be the second person and is in the case's channel anyhow."""
        among, own = self._concerned(case), self.people.user_in(case, first) if first else None
        holders = self.people.policy.reachable(*self.policy.second_persons[rule].roles)
        others = (one.slack for one in holders if one.slack != own)
        return tuple(dict.fromkeys(user for user in others if user in among))

    def archive(self, job: Job, _tools: JobTools) -> None:
        """The channel of a case that is over; one that was opened again meanwhile stays."""
        case = self._incident(job)
        if case is None or case.state.is_open:
            return
        channel = self._channel(job, case)
        if channel is None:
            return
        self.calls.tolerating(lambda: self.calls.client.conversations_archive(channel=channel), "already_archived")

    # changes --------------------------------------------------------------------------------------------------

    def change(self, job: Job, _tools: JobTools) -> None:
        """A line where changes are announced, when a verdict changed."""
        case, configured = self.read_case(job.text("case")), self.policy.slack.digest_channel
        if not isinstance(case, ChangeCase) or configured is None:
            return
        lines = [change.headline(self._t, case)]
        for request in case.requests:
            record = request.frozen or request.verdict
            if record is not None and record.tree is not None:
                lines.append(change.verdict_head(self._t, request, record.tree))
                lines += change.verdict_lines(self._t, self.people.policy, case, record.tree)
        button = Button("change.status", next_steps.label(self._t, "change.status"), case.number)
        message = self._message(Reply(tuple(Paragraph(line) for line in lines), buttons=(button,)))
        self.calls.post(job, places.addressed(configured), message)

    # shared ---------------------------------------------------------------------------------------------------

    @property
    def _t(self) -> Translator:
        """Channels read the language of the workspace."""
        return self.translator(self.policy.language)

    def _incident(self, job: Job) -> IncidentCase | None:
        case = self.read_case(job.text("case"))
        return case if isinstance(case, IncidentCase) else None

    def _channel(self, job: Job, case: IncidentCase | None) -> str | None:
        """The case's channel; another try when it is still to come."""
        if case is None:
            return None
        channel = places.home(self.links, case)
        if channel is None and case.wants_channel:
            raise not_there_yet(job)
        return channel

    def _telling(self, case: IncidentCase) -> incident_events.Telling:
        return incident_events.Telling(self._t, case, self.people.policy, self.now())

    def _message(self, reply: Reply, mention: str = "") -> dict[str, Any]:
        return message(self._t, self.people, reply, mention)

    def _on_call_mention(self) -> str:
        first = next(iter(self.people.policy.on_call()), None)
        return f"{incident.paged(self._t)} <@{first.slack}>" if first is not None and first.slack else ""

    def _concerned(self, case: IncidentCase) -> tuple[str, ...]:
        return concerned(self.people, case)


def steps_for(t: Translator, case: IncidentCase) -> tuple[Button, ...]:
    """The buttons under a message that many read: what comes next, whoever presses it is asked for their own rights."""
    return steps.onward(t, case, lambda _command: True)


def not_there_yet(job: Job) -> Retry:
    """Soon for a channel that is being made; with growing waits while Slack does not make it: none is given up."""
    return Retry("channel_not_there_yet", SOON if job.attempts <= SOON_TRIES else None)
