"""The conversation: an utterance, a pressed button or a submitted form in, a reply out. Slack and terminal share it."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import structlog

from bot.chat import (
    allowing,
    answering,
    as_report,
    correctives,
    deploying,
    disposals,
    drilling,
    entering,
    exporting,
    forming,
    home,
    meanwhile,
    mentions,
    no_step,
    pages,
    repeated,
    spent,
    steps,
    typed_back,
    words_behind,
)
from bot.chat.addresses import leading_address
from bot.chat.commanding import simple
from bot.chat.forms import life_ask, phases
from bot.chat.forms.opening import OPENS
from bot.chat.forms.phases import TARGETS
from bot.chat.parser import Intent, Unknown, parse, parse_line
from bot.chat.port import Decides, Directory, Queries, Speaker, Utterance
from bot.chat.reply import FieldErrors, Reply, say
from bot.chat.room import Room
from bot.chat.surface import surface_of
from bot.chat.texts import change as change_texts
from bot.chat.texts import common
from bot.chat.typed import Typed, plan, typed
from bot.chat.verbs import Topic, Verb
from config.i18n import Translator
from config.policy.models import Policy
from workflows.change.commands import AskDeploy
from workflows.change.state import ChangeCase
from workflows.commands import Command
from workflows.errors import Conflict, NotFound, Unseen
from workflows.incident.state import IncidentCase
from workflows.outcome import Accepted, Refused
from workflows.requests import DoneBefore
from workflows.store.errors import Unavailable
from workflows.workflow import Case

log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chat:
    """Everything that can be said to the bot. Holds no state: every answer is read anew."""

    service: Decides
    queries: Queries
    directory: Directory
    policy: Policy
    policy_hash: str
    translator: Callable[[str], Translator]
    now: Callable[[], datetime]
    lessons: exporting.Lessons | None = None
    may_send: exporting.MaySend | None = None
    """Whether files can be sent to whoever asks; None: nothing here could."""
    console: entering.LinkFor | None = None
    tells_on_call: bool = False
    """Whether whoever is on call gets a message about a report: only then people are told so."""
    request: str = ""
    """Id of the request that is being answered, where it may come twice: carried out once, answered alike."""

    def handle(self, said: Utterance) -> Reply:
        """Answer something said after a command word."""
        room = self._room(said.speaker)

        def answer() -> Reply:
            intent = parse(said.command, said.text, room.years)
            try:
                before = repeated.answer(room, self.request)
                if before is None:
                    return self._understood(room, intent, said.channel)
            except DoneBefore as error:
                before = repeated.told(room, error.done)
            return words_behind.told_back(room, before, intent) if isinstance(intent, Intent) else before

        return self._guarded(room, answer)

    def handle_line(self, line: str, speaker: Speaker) -> Reply:
        """Answer a whole line, with or without a command word."""
        room = self._room(speaker)
        return self._guarded(room, lambda: self._understood(room, parse_line(line, room.years), None))

    def press(self, action: str, value: str, speaker: Speaker, channel: str | None = None) -> Reply:
        """Answer a pressed button: it says what somebody could have typed."""
        topic, _, verb = action.partition(".")
        if topic not in set(Topic) or verb not in set(Verb):
            return say(common.unknown_verb(self._room(speaker).t, action, ()))
        reply = self.handle(Utterance(speaker, f"{verb} {value}", topic, channel))
        if verb not in spent.ANSWERS or reply.form is not None:
            return reply
        room, everybody = self._room(speaker), self.translator(self.policy.language)
        return self._guarded(room, lambda: replace(reply, spent=spent.instead(everybody, room, verb, reply.case)))

    def submit(self, form_id: str, case: str, values: Mapping[str, str], speaker: Speaker) -> Reply | FieldErrors:
        """Decide a submitted form. What was typed is never lost: errors stand under fields, or the form comes back."""
        number, made = meanwhile.read(case)

        def answer(room: Room, tries: int = meanwhile.TRIES) -> Reply | FieldErrors:
            seen = self.queries.newest(number) if made is not None and tries else None
            # Looked up after what others did: who came later than the first sending does not overtake it.
            faster = meanwhile.answer(room, form_id, number, values, made)
            before = repeated.answer(room, self.request, form_id, values)
            try:
                told = before or faster or self._submitted(room, form_id, number, values, seen)
            except DoneBefore as error:
                told = repeated.told(room, error.done, form_id, values)
            except Unseen:
                return answer(replace(room, now=self.now()), tries - 1)
            return meanwhile.stamped(told, room.now)

        room = self._room(speaker)
        return self._guarded(room, lambda: answer(room))

    def ask_again(
        self, form_id: str, case: str, values: Mapping[str, str], errors: FieldErrors, speaker: Speaker
    ) -> Reply:
        """The form once more with everything typed in it, and the errors above it."""
        room, (number, made) = self._room(speaker), meanwhile.read(case)

        def again() -> Reply:
            form = forming.form(room, form_id, self._visible(room, number), values)
            if form is None:
                return say(*errors.errors.values())
            # It is as old as it was: what others do is still held against it.
            return Reply(form=replace(form, notice="\n".join(errors.errors.values()), made=made))

        return self._guarded(room, again)

    def prefilled(self, reply: Reply, text: str) -> Reply:
        """The report form with a message in it."""
        return replace(reply, form=reply.form.filled({"what": text})) if reply.form else reply

    def mentioned(self, said: Utterance, thread: str = "") -> Reply:
        """Answer a mention. `thread`: the one it stands in, which may be that of a report."""
        room = self._room(said.speaker)
        intent = parse_line(said.text, room.years)

        def answer() -> Reply:
            number = self.queries.case_in_thread(said.channel or "", thread) if thread else None
            here = number or (self.queries.case_in_channel(said.channel) if said.channel else None)
            named = intent
            if here and isinstance(intent, Intent) and intent.topic is Topic.INCIDENT and not intent.case:
                named = replace(intent, case=here)
            if isinstance(named, Intent) and named.verb in mentions.READS:
                return self._understood(room, named, said.channel)
            return mentions.offer(room, named, said.text)

        return self._guarded(room, answer)

    def room(self, speaker: Speaker) -> Room:
        """What an exchange with somebody is made with, for surfaces that show more than replies."""
        return self._room(speaker)

    def home(self, speaker: Speaker) -> home.Home:
        """What somebody finds on their home tab."""
        return home.page(self._room(speaker))

    def open_to(self, command: type[Command], speaker: Speaker) -> tuple[IncidentCase, ...]:
        """The open incidents to which somebody may do this, the most urgent first."""
        room = self._room(speaker)
        return tuple(case for case in pages.open_incidents(room) if room.may(command, case))

    def carry_out(self, command: Command, speaker: Speaker) -> Reply:
        """Decide a command that came without words, such as a shortcut on a message."""
        room = self._room(speaker)
        return self._guarded(room, lambda: self._plainly(room, command, self._visible(room, command.case)))

    def may_ask(self, command: str, text: str) -> bool:
        """Whether the answer may be a form, before anything is read: decides about a waiting view."""
        return as_report.may_ask(parse(command, text, self._year))

    @property
    def _year(self) -> int:
        return self.now().astimezone(self.policy.zone).year

    def _room(self, speaker: Speaker) -> Room:
        t = self.translator(speaker.language).saying(surface_of(speaker.actor.source).instead)
        return Room(speaker, t, self._today(), self.now(), self.queries, self.directory, self.tells_on_call)

    def _today(self) -> Policy:
        """The policy as of today; as written while the database does not answer, so that there is a sentence to say."""
        try:
            return self.queries.today(self.policy, self.now())
        except Unavailable:
            return self.policy

    def _guarded(self, room: Room, work: Callable[[], T]) -> T | Reply:
        """No error reaches people as one: what is expected has its words, the rest a reference that the log holds."""
        try:
            return meanwhile.stamped(work(), room.now)
        except NotFound as error:
            return say(common.nothing_to_show(room.t, str(error).rpartition(" ")[2]))
        except Conflict:
            return say(common.busy(room.t))
        except DoneBefore as error:
            return repeated.told(room, error.done)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("chat_failed", reference=reference)
            return say(common.unexpected(room.t, reference))
        finally:
            structlog.contextvars.unbind_contextvars("case")

    def _understood(self, room: Room, intent: Intent | Unknown, channel: str | None) -> Reply:
        if isinstance(intent, Unknown):
            return pages.unknown(room, intent, self._case_here(room, intent.topic, channel))
        match intent.verb:
            case Verb.HELP:
                return pages.help_page(room, intent.topic, self.policy_hash)
            case Verb.LIST:
                return correctives.listing(room) if correctives.is_asked(intent) else pages.listing(room, intent)
            case Verb.EXPORT | Verb.CONSOLE:
                return self._made(room, intent, channel)
            case Verb.REPORT | Verb.DRILL:
                return self._opened(room, intent)
            case _:
                return words_behind.told_back(room, self._about_case(room, intent, channel), intent)

    def _made(self, room: Room, intent: Intent, channel: str | None) -> Reply:
        """What is made for whoever asks: a way into the console, a case as files, a report of many cases."""
        if intent.verb is Verb.CONSOLE:
            return entering.link(room, self.console)
        meant = exporting.wanted(room, intent, self._case_here(room, intent.topic, channel))
        if meant is None:
            return exporting.lessons_of(room, intent, self.lessons)
        case = self._visible(room, meant.number)
        if not isinstance(case, IncidentCase):
            return say(common.nothing_to_show(room.t, meant.number))
        withheld = exporting.withheld(room, case, self.may_send)
        return withheld or self._plainly(room, exporting.command(case, meant), case)

    def _opened(self, room: Room, intent: Intent) -> Reply:
        """A report, or a drill: by a scenario, after a choice of them, or as it is told."""
        if intent.verb is Verb.DRILL:
            command = drilling.scenario(room, intent)
            if command is not None:
                return self._plainly(room, command, None)
            if room.policy.drills.scenarios and (not intent.rest or drilling.is_mistyped(room, intent)):
                return drilling.choice(room)
        return self._asked(room, typed(intent, is_open=True), None)

    def _about_case(self, room: Room, intent: Intent, channel: str | None) -> Reply:
        intent = disposals.placed(room, deploying.numbered(room, self._addressed(room, intent)))
        number = intent.case or self._case_here(room, intent.topic, channel)
        if not number:
            return (
                self._asked(room, plan(intent.rest, known=False), None)
                if intent.verb is Verb.PLAN
                else pages.pick(room, intent)
            )
        case = self._visible(room, number)
        if case is None or not _fits(intent.topic, case):
            return say(common.nothing_to_show(room.t, number))
        if intent.verb is Verb.STATUS:
            return pages.status(room, case)
        command = simple(intent, case)
        if command is not None:
            return self._plainly(room, command, case)
        if isinstance(case, IncidentCase) and (nothing := no_step.why(room, intent, case)):
            return say(nothing, buttons=steps.onward_for(room, case))
        return (
            self._deploy(room, intent.rest.strip(), case)
            if intent.verb is Verb.DEPLOY and isinstance(case, ChangeCase)
            else self._asked(room, allowing.typed_for(intent, case), case, intent)
        )

    def _deploy(self, room: Room, environment: str, case: ChangeCase) -> Reply:
        """The verdict of an environment; whoever may approve is asked where that is missing."""
        if not environment:
            return deploying.where(room, case)
        outcome = self.service.handle(AskDeploy(case=case.number, environment=environment), room.actor, self.request)
        if isinstance(outcome, Refused):
            return _plain(answering.refused(room, outcome, "", None, {}, case))
        found = outcome.case
        return deploying.page(room, found, environment, outcome) if isinstance(found, ChangeCase) else say("")

    def _addressed(self, room: Room, intent: Intent) -> Intent:
        """The change of a request whose address was pasted; one that no change knows is nothing to show."""
        address = leading_address(intent.rest) if intent.verb is Verb.EMERGENCY and not intent.case else None
        if address is None:
            return intent
        case = self.queries.change_of(address.repository, address.number, room.actor)
        return replace(intent, case=case.number if case else intent.rest.split()[0], rest=address.rest)

    def _case_here(self, room: Room, topic: Topic, channel: str | None) -> str:
        number = self.queries.case_in_channel(channel) if channel else None
        case = self._visible(room, number or "")
        return case.number if case is not None and _fits(topic, case) else ""

    def _asked(self, room: Room, found: Typed | None, case: Case | None, intent: Intent | None = None) -> Reply:
        """A form, or the step itself where enough was typed or nothing is missing."""
        if found is None:
            return pages.status(room, case) if case is not None else say(common.nothing_to_show(room.t, ""))
        if (
            found.form == "change.link"
            and found.direct
            and not found.values["linked"].upper().startswith(("INC", "CHG"))
        ):
            return say(change_texts.link_in_request(room.t, case.number if case else ""))
        if found.form in TARGETS and isinstance(case, IncidentCase):
            form_id = steps.form_id_for(found.form, case)
            if not steps.is_back(form_id, case):
                return self._onward(room, form_id, case)
            found = Typed("incident.back", {"to": TARGETS[form_id].value})
        notice = ""
        if found.direct:
            done = self._submitted(room, found.form, case.number if case else "", found.values)
            if (told := allowing.told_at_once(room, found.form, done, case, intent)) is not None:
                return told
            notice = "\n".join(done.errors.values()) if isinstance(done, FieldErrors) else ""
        refused = allowing.before_form(room, found.form, case)
        if refused is not None:
            return allowing.as_note(room, _plain(answering.refused(room, refused, "", None, {}, case)), intent, case)
        form = forming.form(room, found.form, case, found.values)
        return Reply(form=replace(form, notice=notice)) if form is not None else say(common.nothing_to_show(room.t, ""))

    def _onward(self, room: Room, form_id: str, case: IncidentCase) -> Reply:
        """The form with what is missing, or to be seen first; else the step, also when no form could supply it."""
        if steps.leads(form_id, case):
            reasons = steps.missing(room, form_id, case)
            form = steps.form(room, form_id, case, reasons, {})
            asks = bool(form.fields or (form.page and not reasons))
            refused = allowing.before_form(room, form_id, case) if asks else None
            if refused is not None:
                return _plain(answering.refused(room, refused, "", None, {}, case))
            if asks:
                return Reply(form=form)
        reading = room.reading({})
        return self._plainly(room, phases.read(form_id, reading, case.number), case, form_id)

    def _plainly(self, room: Room, command: Command, case: Case | None, form_id: str = "") -> Reply:
        outcome = self.service.handle(command, room.actor, self.request)
        if isinstance(outcome, Accepted):
            return answering.accepted(room, outcome)
        return _plain(answering.refused(room, outcome, form_id, None, {}, case))

    def _submitted(
        self, room: Room, form_id: str, number: str, values: Mapping[str, str], seen: int | None = None
    ) -> Reply | FieldErrors:
        case = self._visible(room, number) if number else None
        if case is None and form_id not in OPENS:
            return typed_back.hidden(room, number, values)
        afterwards = life_ask.afterwards(form_id, values)
        if afterwards is not None:
            return Reply(form=life_ask.backfill(room.questions(afterwards)))
        reading = room.reading(values, case)
        command = allowing.command_of(room, form_id, reading, case)
        if command is None:
            return say(common.nothing_to_show(room.t, number))
        if reading.errors:
            return FieldErrors(reading.errors)
        outcome = self.service.handle(command, room.actor, self.request, seen)
        if isinstance(outcome, Accepted):
            return answering.accepted(room, outcome)
        form = forming.form(room, form_id, case, values)
        told = answering.refused(room, outcome, form_id, form, values, case)
        # Where something was kept, it is all that the form could supply: nothing is lost.
        return told if outcome.kept else meanwhile.given_back(room, told, values, case)

    def _visible(self, room: Room, number: str) -> Case | None:
        found = self.queries.case(number, room.actor) if number else None
        if found is not None:
            # The id, not the number: whoever operates the service is not to learn numbers from its log.
            structlog.contextvars.bind_contextvars(case=str(found.id))
        return found


def _plain(found: Reply | FieldErrors) -> Reply:
    return found if isinstance(found, Reply) else say(*found.errors.values())


def _fits(topic: Topic, case: Case) -> bool:
    return isinstance(case, IncidentCase if topic is Topic.INCIDENT else ChangeCase)
