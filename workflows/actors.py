"""Who acts, in which capacity, and through which door."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from config.policy.ids import Role

PersonId = NewType("PersonId", str)
"""Stable id of a person: the key in the policy, or `slack:U…`, `github:123`, `gitlab:45` for those it does not name."""

Pseudonym = NewType("Pseudonym", str)
"""`p1`, `p2`, … : a person inside one case. Stays when the name is erased, so that two persons stay two."""


class Source(StrEnum):
    """The door through which a step came."""

    SLACK = "slack"
    GITHUB = "github"
    GITLAB = "gitlab"
    CONSOLE = "console"
    CLI = "cli"
    API = "api"
    TIMER = "timer"
    ALERTMANAGER = "alertmanager"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as commands name them. `name` is what people read; both are erasable wherever they are stored."""

    id: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a command with their standing roles, or the machine itself (`person` None: timer, forge)."""

    person: Person | None
    roles: frozenset[Role]
    source: Source
    on_duty: bool = False
    """Whether the person stands on the policy's duty roster."""

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds one of these standing roles."""
        return not self.roles.isdisjoint(roles)
