"""Members of the workspace who change: whoever left is recorded and told of, and a new language is read at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.chat.reply import Paragraph, Reply
from bot.chat.texts import departing
from bot.chat.texts.told import Telling
from bot.jobs.port import Handlers, Job, JobTools
from bot.slack.body import text_at
from bot.slack.calls import Calls
from bot.slack.circle import oversight
from bot.slack.directly import to_each
from bot.slack.people import CHANGED, People
from bot.slack.posting import message
from bot.startup import MACHINE
from config.i18n import Translator
from workflows.holding import visible
from workflows.incident.workflow import WORKFLOW
from workflows.leavers import (
    LEFT,
    LEFT_AT,
    UNNAMED,
    Carried,
    PersonLeft,
    PersonReturned,
    carried_by,
    judge_anew,
    person_of,
)
from workflows.service import Service
from workflows.store.reads import Reads
from workflows.store.rows import InboxRow, JobDraft
from workflows.store.unit_of_work import UnitOfWork

DEPARTED: Final = "slack.departed"
"""Tell the ISB what somebody (`user`) who left still carries."""


def is_change(event: Mapping[str, Any]) -> bool:
    """Whether a member of the workspace changed."""
    return text_at(event, "type") == "user_change" and bool(text_at(event, "user", "id"))


def changed(uow: UnitOfWork, row: InboxRow, event: Mapping[str, Any]) -> bool:
    """Read their name and language anew from here on. Whether there is more to it: they left, or are back."""
    user = text_at(event, "user", "id")
    uow.links.put(CHANGED, user, str(row.id))
    return _is_closed(event) != (uow.links.get(LEFT, user) is not None)


def _is_closed(event: Mapping[str, Any]) -> bool:
    return event["user"].get("deleted") is True


@dataclass(frozen=True, slots=True)
class Members:
    """What follows from it, in the transaction of the job."""

    service: Service

    def take(self, uow: UnitOfWork, job: Job, event: Mapping[str, Any]) -> None:
        """What an event told."""
        self.note(uow, text_at(event, "user", "id"), str(job.id), closed=_is_closed(event))

    def note(self, uow: UnitOfWork, user: str, mark: str, *, closed: bool) -> None:
        """Record that somebody left or is back; twice is once. `mark` is of whoever told it."""
        known = uow.links.get(LEFT, user)
        if closed != (known is not None):
            judge_anew(uow, user, self.service.policy, f"left:{user}:{mark}")
        if closed and known is None:
            self._left(uow, user, mark)
        elif not closed and known is not None:
            uow.links.remove(LEFT, user)
            uow.links.remove(LEFT_AT, user)
            if known:
                self.service.log(uow, PersonReturned(person=known), MACHINE, self.service.moment.now())

    def _left(self, uow: UnitOfWork, user: str, mark: str) -> None:
        """Of somebody without a part here only the closed account is noted."""
        uow.links.put(LEFT_AT, user, self.service.moment.now().isoformat())
        person = person_of(self.service.policy, user)
        named = self.service.policy.person_by(slack=user) is not None
        if not named and not any(carried_by(Reads(uow.connection), person)):
            uow.links.put(LEFT, user, "")
            return
        uow.links.put(LEFT, user, person)
        self.service.log(uow, PersonLeft(person=person), MACHINE, self.service.moment.now())
        uow.jobs.enqueue(JobDraft(DEPARTED, f"{DEPARTED}:{user}", f"{DEPARTED}:{user}:{mark}", {"user": user}))


@dataclass(frozen=True, slots=True)
class Departing:
    """The handler of `slack.departed`."""

    calls: Calls
    service: Service
    people: People
    translator: Callable[[str], Translator]
    now: Callable[[], datetime]

    def register(self, handlers: Handlers) -> None:
        """Tell the runner which job is ours."""
        handlers.outbox(DEPARTED, self, judges=False)

    def __call__(self, job: Job, _tools: JobTools) -> None:
        """To the ISB and the deputy directly, each as far as they may see the cases."""
        user, policy = job.text("user"), self.people.policy
        with self.service.store.reading() as reads:
            if reads.links.get(LEFT, user) is None:
                return
            carried = tuple(carried_by(reads, person_of(policy, user)))

        def tell(holder: str) -> None:
            speaker = self.people.speaker(holder)
            seen = tuple(one for one in carried if visible(WORKFLOW, one.case, speaker.actor))
            told = self._told(self.translator(speaker.language), user, seen)
            if told is not None:
                self.calls.post(job, self.calls.direct(holder), told)

        to_each(oversight(self.people), tell)

    def _told(self, t: Translator, user: str, carried: tuple[Carried, ...]) -> dict[str, Any] | None:
        """The message; None where there is nothing to do for its reader."""
        policy = self.people.policy
        gone = policy.person_by(slack=user)
        if gone is None and not carried:
            return None
        lines = [departing.head(t, gone.name if gone is not None else _name(carried, user))]
        for one in carried:
            lines += departing.lines(Telling(t, one.case, policy, self.now()), one)
        lines += [departing.hand_over(t)] if carried else []
        lines += [departing.still_named(t)] if gone is not None else []
        return message(t, self.people, Reply(tuple(Paragraph(line) for line in lines)))


def _name(carried: tuple[Carried, ...], user: str) -> str:
    """As a case knows them."""
    case = carried[0].case
    return case.name_of(case.pseudonym_of(f"{UNNAMED}{user}"), user)
