"""Roles that membership in a Slack user group grants, where the policy says so (A.5.2, A.5.18)."""

from collections.abc import Collection, Iterable, Mapping
from typing import ClassVar, Final, Protocol

from config.policy.ids import Role
from config.policy.models import Policy
from workflows.events import Event, OptionalText, Text
from workflows.ledger.kinds import EntryKind


class Known(Protocol):
    """Small facts by scope and key, within a transaction or each on its own."""

    def get(self, scope: str, key: str) -> str | None:
        """What is known under a scope and key."""

    def some(self, scope: str, keys: Iterable[str]) -> Mapping[str, str]:
        """Those of a scope with one of these keys."""


MEMBERS: Final = "slack.group"
"""Link scope: user group → its members as last read, Slack users separated by blanks; each change is on the ledger."""
UNREAD: Final = "slack.group_unread"
"""Link scope: user group → the code with which Slack did not tell its members; absent when it did."""


class GroupRolesChanged(Event):
    """Others than before are in a user group that the policy gives a role, or it gives the role no more.

    Persons by their ids, separated by commas; `gives` None: the policy gives it no role any more.
    """

    kind: ClassVar[EntryKind] = EntryKind.ROLES_BY_GROUP
    controls: ClassVar[tuple[str, ...]] = ("A.5.2", "A.5.18")
    group: Text
    gives: Role | None = None
    joined: OptionalText = None
    left: OptionalText = None


def grants(policy: Policy, links: Known) -> Mapping[str, frozenset[Role]]:
    """Slack user → roles by groups. Nothing is read where the policy names no group."""
    found: dict[str, frozenset[Role]] = {}
    for group, role in policy.slack.groups.items():
        for user in members(links, group):
            found[user] = found.get(user, frozenset()) | {role}
    return found


def members(links: Known, group: str) -> Collection[str]:
    """Who is in a group, as last read."""
    return tuple((links.get(MEMBERS, group) or "").split())
