"""Jobs that bring something out of Slack: messages onto timelines, files into the evidence folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog

from bot.chat.reply import Button, Reply, say
from bot.chat.texts import pinning
from bot.jobs.port import Closing, GiveUp, Handlers, Job, JobTools, Retry
from bot.slack import places
from bot.slack.body import text_at
from bot.slack.calls import Calls
from bot.slack.circle import oversight
from bot.slack.directly import to_each, write
from bot.slack.fetching import Fetching, NotFetched, SlackFile
from bot.slack.heard import PIN, PINNING, case_at, moment_of, wait_for_thread
from bot.slack.links import Links
from bot.slack.people import People
from bot.slack.posting import message
from bot.slack.written import as_written
from bot.startup import MACHINE
from config.i18n import Translator
from workflows.actors import Person, PersonId
from workflows.errors import NotFound
from workflows.events import IdentityData, Recorded
from workflows.holding import visible
from workflows.incident.commands import RecordEvidence
from workflows.incident.evidence_commands import NoteUnfetched, PinMessage
from workflows.incident.evidence_effects import AUTHOR, EVIDENCE_ALERT, KEEP
from workflows.incident.evidence_events import EvidenceChecked, FileAsked, MessagePinned
from workflows.incident.evidence_terms import Unfetched
from workflows.incident.state import IncidentCase
from workflows.incident.workflow import WORKFLOW
from workflows.outcome import Refused
from workflows.service import Service
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import Case

log = structlog.get_logger(__name__)

TRIES: Final = 8
TOLD_AFTER: Final = 3
"""A file that may still come is told as a gap after so many tries."""
_NO_MESSAGE: Final = frozenset({"thread_not_found", "message_not_found"})


@dataclass(frozen=True, slots=True)
class Keeping:
    """The handlers; `fetching` brings files into the folder."""

    calls: Calls
    links: Links
    service: Service
    people: People
    fetching: Fetching
    read_case: Callable[[str], Case | None]
    read_entry: Callable[[str, int], tuple[Recorded, str] | None]
    translator: Callable[[str], Translator]

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which jobs are ours."""
        handlers.outbox(PIN, self.pin)
        handlers.outbox(KEEP, self.keep, tries=TRIES)
        handlers.outbox(AUTHOR, self.author, judges=False)
        handlers.outbox(EVIDENCE_ALERT, self.alert, judges=False)

    # messages -------------------------------------------------------------------------------------------------

    def pin(self, job: Job, _tools: JobTools) -> Closing:
        """A pushpin: the message goes onto the timeline of the case it was written in."""
        channel, ts, user = job.text("channel"), job.text("ts"), job.text("user")
        found = self._message(channel, ts)
        if found is not None:
            self._pin(job, channel, ts, user, found)
        return lambda uow: uow.links.remove(PINNING, f"{channel}/{ts}")

    def _message(self, channel: str, ts: str) -> Mapping[str, Any] | None:
        call = partial(self.calls.client.conversations_replies, channel=channel, ts=ts, limit=1)
        try:
            answer = self.calls.ask(call)
        except Retry as error:
            if error.reason in _NO_MESSAGE:
                return None
            raise
        listed = answer.get("messages") or []
        return next((one for one in listed if one.get("ts") == ts), None)

    def _pin(self, job: Job, channel: str, ts: str, user: str, found: Mapping[str, Any]) -> None:
        number = self.service.retrying(lambda uow: case_at(uow, channel, text_at(found, "thread_ts") or ts))
        written = moment_of(ts)
        if number is None and text_at(found, "thread_ts"):
            wait_for_thread(job)
        if number is None or written is None:
            return
        speaker = self.people.speaker(user)
        command = PinMessage(
            case=number,
            origin=f"{channel}/{ts}",
            text=as_written(text_at(found, "text"), self.service.policy),
            occurred=written,
            author=self._author(found),
            version=moment_of(text_at(found, "edited", "ts")),
        )
        try:
            outcome = self.service.handle(command, speaker.actor)
        except NotFound:
            return
        if isinstance(outcome, Refused):
            t = self.translator(speaker.language)
            text = pinning.refused(t)
            ask = partial(self.calls.client.chat_postEphemeral, channel=channel, user=user, text=text)
            self.calls.tolerating(ask, "user_not_in_channel", "channel_not_found", "not_in_channel", "is_archived")

    def _author(self, found: Mapping[str, Any]) -> Person | None:
        user = text_at(found, "user")
        return self.people.speaker(user).actor.person if user and not text_at(found, "bot_id") else None

    def author(self, job: Job, _tools: JobTools) -> None:
        """Whoever wrote it is told, and may add a correction."""
        case = self._incident(job)
        entry = self.read_entry(job.text("case"), job.number("seq"))
        if case is None or entry is None or not isinstance(entry[0].event, MessagePinned):
            return
        user = self.people.user_in(case, entry[0].event.author)
        if user is None:
            return
        speaker = self.people.speaker(user)
        t = self.translator(speaker.language)
        text = pinning.told_author(t, "")
        buttons: tuple[Button, ...] = ()
        if visible(WORKFLOW, case, speaker.actor):
            text = pinning.told_author(t, case.number)
            value = f"{case.number} corrects {job.number('seq')}"
            buttons = (Button("incident.note", pinning.correct(t), value),)
        write(self, job, case, user, message(t, self.people, say(text, buttons=buttons)))

    # files ----------------------------------------------------------------------------------------------------

    def keep(self, job: Job, tools: JobTools) -> Closing | None:
        """Fetch a file and record it as evidence; one that does not come is a gap on the timeline."""
        case = self._incident(job)
        asked = self._asked(job, case)
        if case is None or asked is None or any(one.origin == asked[0] for one in case.evidence):
            return None
        if tools.is_stopping():
            raise Retry("stopping")
        file: SlackFile | None = None
        try:
            file = self._file(asked[0], case, asked[1])
            kept = self.fetching.fetch(file)
        except NotFetched as error:
            self._gap(job, case, asked[0], file, error)
            raise GiveUp(error.why.value) from error
        command = RecordEvidence(
            case=case.number, description=file.name, source_system="Slack", location=file.permalink or file.url,
            method="Slack files.info, url_private", file_name=file.name, storage="WACHBUCH_EVIDENCE_DIR",
            sha256=kept.sha256, size=kept.size, collected_by=asked[1],
            media_type=file.media_type, origin=file.id, stored=True,
        )  # fmt: skip
        return lambda uow: self._record(uow, command)

    def _file(self, file_id: str, case: IncidentCase, who: Person | None) -> SlackFile:
        """What Slack tells about it. Of one that is not theirs not even the name gets any further."""
        found = self.fetching.info(file_id)
        if not self._is_theirs(found, case, who):
            raise NotFetched(Unfetched.FORBIDDEN)
        return found

    def _is_theirs(self, file: SlackFile, case: IncidentCase, who: Person | None) -> bool:
        """The bot reads more than whoever asks: nobody gets a file of a private place by its link.

        Theirs is what they shared themselves, what lies in a public channel, or in the channel of this very case.
        """
        if who is None or file.public or (file.user and file.user == self.people.slack_id(who.id)):
            return True
        own = self.service.retrying(lambda uow: uow.links.get(places.CHANNEL, str(case.id)))
        return own is not None and own in file.groups

    def _record(self, uow: UnitOfWork, command: RecordEvidence) -> None:
        self.service.handle_in(uow, command, MACHINE)

    def _asked(self, job: Job, case: Case | None) -> tuple[str, Person | None] | None:
        """The id of the file, and who wants it: somebody by name, or the machine by the policy."""
        if "file" in job.payload:
            return job.text("file"), None
        found = self.read_entry(job.text("case"), job.number("seq"))
        event = found[0].event if found else None
        if not isinstance(event, FileAsked) or not isinstance(event.origin, str):
            return None
        who = case.people.get(found[0].by) if case and found and found[0].by else None
        return event.origin, Person(PersonId(who.id), who.name) if isinstance(who, IdentityData) else None

    def _gap(self, job: Job, case: Case, file_id: str, file: SlackFile | None, error: NotFetched) -> None:
        if not error.later or job.attempts >= TOLD_AFTER:
            gap = NoteUnfetched(case=case.number, origin=file_id, why=error.why, file_name=file.name if file else "")
            self.service.handle(gap, MACHINE)
        if error.later:
            raise Retry(error.why.value, error.after) from error

    def alert(self, job: Job, _tools: JobTools) -> None:
        """Kept evidence is not what it was: told to the ISB and the deputy, as far as they may see the case."""
        case = self._incident(job)
        entry = self.read_entry(job.text("case"), job.number("seq"))
        if case is None or entry is None or not isinstance(entry[0].event, EvidenceChecked):
            return
        event, receipt = entry[0].event, entry[1]

        def tell(user: str) -> None:
            speaker = self.people.speaker(user)
            if visible(WORKFLOW, case, speaker.actor):
                t = self.translator(speaker.language)
                reply = Reply(say(pinning.finding(t, case, event)).paragraphs, receipts=(receipt,))
                write(self, job, case, user, message(t, self.people, reply))

        to_each(oversight(self.people), tell)

    def _incident(self, job: Job) -> IncidentCase | None:
        case = self.read_case(job.text("case"))
        return case if isinstance(case, IncidentCase) else None
