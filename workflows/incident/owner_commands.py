"""Commands about the agreement of the service owner (A.5.2, A.5.26)."""

from dataclasses import dataclass

from workflows.actors import Person
from workflows.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOwner(Command):
    """Ask a service owner whether the service is as it should be."""

    person: Person

    def persons(self) -> tuple[Person, ...]:
        """Who is asked."""
        return (self.person,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree(Command):
    """Agree as service owner, in person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeNotYet(Command):
    """Say why the service is not as it should be yet. Given by who was asked."""

    reason: str
