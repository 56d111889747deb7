"""Who somebody is today, by the id that they are known by: their roles by the policy, by user groups, or by default."""

from typing import Final

from config.policy.ids import Role
from config.policy.models import Policy
from config.policy.persons import PolicyPerson
from workflows.actors import Actor, Person, PersonId, Source
from workflows.groups import Known, grants
from workflows.leavers import LEFT, UNNAMED

ACCOUNT: Final = "os:"
"""Before the name of the account in the id of a person at a terminal whom the policy does not name."""
ALONE: Final = frozenset({Role.ENGINEER, Role.RESPONDER, Role.ISB})
"""Roles at the terminal while the policy names nobody: enough to try everything that takes one person."""


def named(policy: Policy, known: PolicyPerson, source: Source) -> Actor:
    """A person of the policy."""
    return Actor(Person(PersonId(known.id), known.name), known.roles, source, policy.is_on_duty(known.id))


def of_account(policy: Policy, account: str, source: Source) -> Actor:
    """The account of an operating system that the policy does not name."""
    roles = frozenset({Role.ENGINEER}) if policy.people else ALONE
    return Actor(Person(PersonId(f"{ACCOUNT}{account}"), account), roles, source)


def of_slack(policy: Policy, links: Known, user: str, name: str, source: Source) -> Actor:
    """A Slack user whom the policy does not name: an engineer, with what user groups grant.

    A closed account is in no group any more, whatever was last read of it.
    """
    has_left = links.get(LEFT, user) is not None
    by_group = frozenset() if has_left else grants(policy, links).get(user, frozenset())
    return Actor(Person(PersonId(f"{UNNAMED}{user}"), name), by_group | {Role.ENGINEER}, source)


def ids_of(today: Policy, person: str) -> frozenset[str]:
    """Every id that `standing` takes for this person: also those from before the policy named them."""
    known = today.person_by(id=person)
    slack = {f"{UNNAMED}{known.slack}"} if known is not None and known.slack else set()
    account = {f"{ACCOUNT}{known.os_user}"} if known is not None and known.os_user else set()
    return frozenset({person} | slack | account)


def standing(today: Policy, links: Known, person: Person, source: Source) -> Actor | None:
    """Who was known by this id before, as they stand now. None for somebody who left, or who is named no more.

    `today` is the policy as of now (`workflows.leavers.today`): whoever it has come to name meanwhile, counts as named.
    """
    user = person.id.removeprefix(UNNAMED) if person.id.startswith(UNNAMED) else None
    account = person.id.removeprefix(ACCOUNT) if person.id.startswith(ACCOUNT) else None
    known = today.person_by(id=person.id, slack=user, os_user=account)
    if known is not None:
        return None if today.has_left(known) else named(today, known, source)
    if user is not None and links.get(LEFT, user) is None:
        return of_slack(today, links, user, person.name, source)
    return of_account(today, account, source) if account is not None else None
