"""Refusals and unauthorised attempts are evidence too: an entry each, the same one within a minute only once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar, Final

from workflows.actors import Actor
from workflows.commands import Command
from workflows.decisions import Reason
from workflows.events import Event, OptionalText
from workflows.ledger.kinds import EntryKind
from workflows.names import snake
from workflows.record import PolicyId
from workflows.store.links import Links

REPEAT_WINDOW: Final = timedelta(seconds=60)
"""A refusal that the same actor gets again within this time is not recorded again."""
NOT_ALLOWED: Final = "not_allowed"
SCOPE: Final = "refusal"
"""Link scope: fingerprint of a refusal → when it was recorded last."""


class CaseRefused(Event):
    """A command that the rules refused, with all reasons (A.5.24: the procedure was enforced)."""

    kind: ClassVar[EntryKind] = EntryKind.CASE_REFUSED
    controls: ClassVar[tuple[str, ...]] = ("A.5.24",)
    command: PolicyId
    codes: tuple[PolicyId, ...] = ()
    subjects: tuple[PolicyId, ...] = ()
    attempted: OptionalText = None
    """Number of the case that was meant, where the entry belongs to no case."""


class AccessRefused(CaseRefused):
    """A command by somebody whose roles do not allow it (A.5.15, A.8.2)."""

    kind: ClassVar[EntryKind] = EntryKind.ACCESS_REFUSED
    controls: ClassVar[tuple[str, ...]] = ("A.5.15", "A.8.2")


def refusal_of(command: Command, reasons: Iterable[Reason], attempted: str | None = None) -> CaseRefused:
    """The event for a refusal. Codes and subjects only: what a person typed is not repeated here."""
    listed = tuple(reasons)
    unauthorised = any(reason.code == NOT_ALLOWED for reason in listed)
    event_type = AccessRefused if unauthorised else CaseRefused
    return event_type(
        command=snake(type(command).__name__),
        codes=tuple(dict.fromkeys(snake(reason.code) for reason in listed)),
        subjects=tuple(dict.fromkeys(reason.subject for reason in listed if _is_id(reason.subject))),
        attempted=attempted,
    )


def fingerprint(event: CaseRefused, actor: str, case: str) -> str:
    """Equal for the same refusal to the same actor: what the repeat window is about."""
    return sha256(f"{actor}\n{case}\n{event.model_dump_json()}".encode()).hexdigest()


def actor_key(actor: Actor) -> str:
    """Who acted, as an id: the person, or which machine."""
    return actor.person.id if actor.person else actor.source.value


def repeated(links: Links, mark: str, now: datetime) -> bool:
    """Whether the same refusal was recorded within the last minute; remembers this one otherwise."""
    seen = links.get(SCOPE, mark)
    # A clock that was put back must not silence refusals until it has caught up.
    if seen and timedelta() <= now - datetime.fromisoformat(seen) < REPEAT_WINDOW:
        return True
    links.put(SCOPE, mark, now.isoformat())
    return False


def forget(links: Links, now: datetime) -> None:
    """Remove the marks of refusals whose time is over."""
    for mark, seen in links.of(SCOPE).items():
        if now - datetime.fromisoformat(seen) >= REPEAT_WINDOW:
            links.remove(SCOPE, mark)


def _is_id(subject: str) -> bool:
    longest = 48
    known = subject.replace("_", "").replace(".", "").replace("-", "")
    return 0 < len(subject) <= longest and known.isascii() and known.isalnum() and subject[0].islower()
