"""What a decision returns: the events that now hold, or every reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workflows.actors import Person, Pseudonym
from workflows.events import Event


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a refusal, free of language.

    `code` names the text (`missing`, `not_allowed`, `no_such_move`, `second_person`, …), `subject` the criterion,
    requirement or field it is about. `who` are role ids or `person:<name>` that can cure it, `remedy` the verb that
    does (`assess`, `role lead`, …). `expected` and `found` are short codes or values for the text.
    """

    code: str
    subject: str = ""
    expected: str = ""
    found: str = ""
    who: tuple[str, ...] = ()
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as decided: with the time it tells about, where that is not the time of the decision."""

    event: Event
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """The command holds; these events are to be recorded, in this order."""

    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    """The command is refused for all these reasons.

    `kept` is what was recorded all the same: answers given along with a refused move are not thrown away.
    """

    reasons: tuple[Reason, ...]
    kept: tuple[Happening, ...] = ()


Decision = Approved | Declined


@dataclass(frozen=True, slots=True)
class Cast:
    """Pseudonyms of everybody a command involves: those the case knows already, and new ones in order of appearance."""

    known: Mapping[str, Pseudonym] = field(default_factory=dict)

    def of(self, person: Person) -> Pseudonym:
        """The pseudonym of a person that the command named (KeyError: the command forgot to list them)."""
        return self.known[person.id]
