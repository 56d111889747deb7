"""Entries of the log itself, which belong to no case."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from workflows.actors import Source
from workflows.events import Event, Text
from workflows.ledger.kinds import EntryKind
from workflows.record import PolicyId, Sha256Hex


class LogOpened(Event):
    """The first entry of a log."""

    kind: ClassVar[EntryKind] = EntryKind.LOG_OPENED
    controls: ClassVar[tuple[str, ...]] = ("A.8.15",)


class PolicyLoaded(Event):
    """A policy came into force; the whole of it is stored by this hash (A.5.1)."""

    kind: ClassVar[EntryKind] = EntryKind.POLICY_LOADED
    controls: ClassVar[tuple[str, ...]] = ("A.5.1", "A.5.37")
    sha256: Sha256Hex
    before: Sha256Hex | None = None
    loosened: int = 0
    """How many rules are looser than before."""


class JobDead(Event):
    """Outgoing work was given up after its tries."""

    kind: ClassVar[EntryKind] = EntryKind.JOB_DEAD
    controls: ClassVar[tuple[str, ...]] = ("A.8.16",)
    job: int
    work: PolicyId
    attempts: int


class JobRequeued(Event):
    """Somebody gave it another try."""

    kind: ClassVar[EntryKind] = EntryKind.JOB_REQUEUED
    controls: ClassVar[tuple[str, ...]] = ("A.8.16",)
    job: int


class TokenScope(StrEnum):
    """What a token of a pipeline may do."""

    GATE_CHECK = "gate.check"
    GATE_RECORD = "gate.record"


class TokenCreated(Event):
    """A token was made: who holds it acts as this person or, with `scopes`, as a pipeline (A.5.16, A.5.17)."""

    kind: ClassVar[EntryKind] = EntryKind.TOKEN_CREATED
    controls: ClassVar[tuple[str, ...]] = ("A.5.16", "A.5.17")
    person: Text
    own: bool
    """Whether somebody made it for themselves."""
    scopes: tuple[TokenScope, ...] = ()
    expires: datetime | None = None


class TokenRevoked(Event):
    """A personal token is no longer accepted."""

    kind: ClassVar[EntryKind] = EntryKind.TOKEN_REVOKED
    controls: ClassVar[tuple[str, ...]] = ("A.5.16", "A.5.17")
    person: Text


class ConsoleSignedIn(Event):
    """Somebody signed in to the console with a one-time link; who, stands beside it (A.5.15, A.8.15)."""

    kind: ClassVar[EntryKind] = EntryKind.CONSOLE_SIGNED_IN
    controls: ClassVar[tuple[str, ...]] = ("A.5.15", "A.8.15")
    asked_in: Source
    """Where the link was asked for."""
    expires: datetime
    """When the session ends at the latest."""


class SessionEnd(StrEnum):
    """What ended a session in the console before its time.

    `signed_out` is the button there, `replaced` a sign-in anew in the same browser, `ended` all of somebody at once, by
    themselves or by an admin; `left`: their account is closed, or the policy names them no more.
    """

    SIGNED_OUT = "signed_out"
    REPLACED = "replaced"
    ENDED = "ended"
    LEFT = "left"


class ConsoleSignedOut(Event):
    """Sessions of somebody in the console were ended; who did it, stands beside it (A.5.15, A.8.15).

    One whose time is over has no entry: when that is, stands in the one about the sign-in at the latest.
    """

    kind: ClassVar[EntryKind] = EntryKind.CONSOLE_SIGNED_OUT
    controls: ClassVar[tuple[str, ...]] = ("A.5.15", "A.8.15")
    person: Text
    how: SessionEnd
    sessions: int = 1
    """How many at once."""
