"""Commands about calling people to a report."""

from dataclasses import dataclass

from workflows.actors import Person
from workflows.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Command):
    """Call these people, as a step of the ladder says (from 0, on through its rounds). Given by the machine."""

    step: int
    called: tuple[Person, ...]

    def persons(self) -> tuple[Person, ...]:
        """Everybody who is called."""
        return self.called


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinePage(Command):
    """Say that one cannot look after it now: the next is called at once."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnanswered(Command):
    """Nobody looks after the report, and nobody is left to be called. Given by the machine."""
