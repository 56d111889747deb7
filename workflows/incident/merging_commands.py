"""Commands about reports that tell of the same thing."""

from dataclasses import dataclass
from uuid import UUID

from workflows.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinDuplicate(Command):
    """Note in this case that another one is its duplicate, or (`removed`) is one no more. Given by the machine."""

    other: UUID
    number: str
    removed: bool = False
