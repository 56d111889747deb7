"""Commands about handing the lead over (A.5.24, A.5.26)."""

from dataclasses import dataclass

from workflows.actors import Person
from workflows.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHandover(Command):
    """The lead asks somebody to lead from here on, and says how it stands. Until they accept, the lead stays."""

    person: Person
    stands: str
    next_step: str = ""

    def persons(self) -> tuple[Person, ...]:
        """Who is asked."""
        return (self.person,)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHandover(Command):
    """Lead from here on. Given by who was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineHandover(Command):
    """Say why one cannot lead; the lead stays. Whoever offered it takes it back by the same command."""

    reason: str
