"""Commands about tasks that an issue of a forge stands for, and about what somebody else takes over."""

from dataclasses import dataclass
from datetime import datetime

from workflows.actors import Person
from workflows.commands import Command
from workflows.incident.commands import OpenTask
from workflows.incident.issues import IssueRef
from workflows.incident.terms import IssueState


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIssueTask(OpenTask):
    """Something to do that follows an issue from the start."""

    issue: IssueRef


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTask(Command):
    """Let a task follow an issue, another one than before, or (None) none any more."""

    no: int
    issue: IssueRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowIssue(Command):
    """Given by the machine: the issue that a task follows was closed, or opened again. `at`: when, there."""

    no: int
    state: IssueState
    at: datetime
    address: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveTask(Command):
    """Give a task that is open to somebody else."""

    no: int
    owner: Person

    def persons(self) -> tuple[Person, ...]:
        """Who has it from now on."""
        return (self.owner,)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveCorrective(Command):
    """Give a corrective action that is still to be done to somebody else, also when the case is over."""

    no: int
    owner: Person

    def persons(self) -> tuple[Person, ...]:
        """Who has it from now on."""
        return (self.owner,)
