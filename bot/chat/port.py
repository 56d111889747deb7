"""What the conversation needs from the rest: decide a command, read cases, find a person."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from config.policy.models import Policy
from workflows.actors import Actor, Person
from workflows.commands import Command
from workflows.events import Recorded
from workflows.incident.state import IncidentCase
from workflows.ledger.receipt import Receipt
from workflows.outcome import Outcome
from workflows.requests import Done
from workflows.workflow import Case


class Decides(Protocol):
    """The one door in."""

    def handle(self, command: Command, actor: Actor, request: str = "", seen: int | None = None) -> Outcome:
        """Decide and record. Raises NotFound for a case that is absent or that the actor may not see.

        `request`: id of what brought the command; DoneBefore when that was carried out before.
        `seen`: number of the newest entry that was looked at; Unseen when the case has newer ones.
        """


class Queries(Protocol):
    """Reading. `viewer` limits every answer to what this person may see."""

    def case(self, number: str, viewer: Actor) -> Case | None:
        """The case, None when absent or not visible: the caller cannot tell which."""

    def by_id(self, case_id: UUID, viewer: Actor) -> Case | None:
        """The same by its id."""

    def cases(self, viewer: Actor, *, workflow: str, open_only: bool, limit: int) -> tuple[Case, ...]:
        """Cases, the one changed last first."""

    def opened_before(self, number: str, viewer: Actor, *, workflow: str, limit: int) -> tuple[Case, ...]:
        """Cases that were opened before this one, the newest first; from the newest on where it is not visible."""

    def change_of(self, repository: str, number: int, viewer: Actor) -> Case | None:
        """The change that a request belongs to, by the name of its repository and its number there."""

    def case_of_evidence(self, number: str, viewer: Actor) -> Case | None:
        """The case that an item of evidence belongs to, by the number of the item."""

    def unsettled(self, viewer: Actor) -> tuple[Case, ...]:
        """Changes with a review still to be held, or with something still due; also those that are over."""

    def tied(self, case: Case, viewer: Actor) -> tuple[Case, ...]:
        """Changes and incidents that a case names, or that name it."""

    def owing(self, viewer: Actor) -> tuple[Case, ...]:
        """Incidents, also over, with something that outlives them, such as a corrective action or a task."""

    def with_cause(self, viewer: Actor) -> tuple[Case, ...]:
        """The newest incidents whose root cause has a tag; also those that are over."""

    def recorded(self, case: Case, first: int = 1, last: int | None = None) -> tuple[tuple[Recorded, Receipt], ...]:
        """Steps of a case by their sequence numbers, with their receipts."""

    def newest(self, number: str) -> int | None:
        """The number of the newest entry of a case; None for a case that is not there. Not for people to read."""

    def done(self, request: str) -> Done | None:
        """What a request led to; None where it was not carried out, or led to nothing."""

    def case_in_thread(self, channel_id: str, thread_ts: str) -> str | None:
        """The number of the case whose report has this thread."""

    def talk_of(self, case: IncidentCase) -> str:
        """The address in Slack at which people talk about a case that the reader may see; empty for none."""

    def today(self, policy: Policy, now: datetime) -> Policy:
        """The policy as of now: who is there, and in which roles."""

    def policy_loaded(self, sha256: str) -> datetime | None:
        """When the policy of this hash was recorded first, None for one that never was."""

    def case_in_channel(self, channel_id: str) -> str | None:
        """The number of the case that owns this channel."""


class Directory(Protocol):
    """People by what somebody typed or chose."""

    def find(self, token: str) -> Person | None:
        """The person behind a policy id, a name, `@name`, `slack:U…` or `<@U…>`."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and the language they read (`de`, `en`)."""

    actor: Actor
    language: str

    @property
    def german(self) -> bool:
        """Whether they read German."""
        return self.language.startswith("de")


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something said to the bot: the command word, the text after it, and where it was said."""

    speaker: Speaker
    text: str
    command: str = "incident"
    channel: str | None = None


class Reach(StrEnum):
    """From where the console can be opened: by anybody at its https address, on this machine alone, or not at all."""

    ANYWHERE = "anywhere"
    HERE = "here"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class ConsoleLink:
    """A one-time link into the console. `url` is a secret, and empty where nobody could be let in by it."""

    reach: Reach
    url: str = field(default="", repr=False)
    expires: datetime | None = None
