"""The people behind accounts of a forge."""

from config.policy.models import Policy
from workflows.actors import Person, PersonId
from workflows.change import people
from workflows.change.seen import Identity


def person_of(policy: Policy, identity: Identity) -> Person:
    """The person behind an account: by the policy, else known by the numeric id of the account."""
    known = people.person_of(identity.forge, identity.id, identity.login, policy)
    if known is not None:
        return Person(PersonId(known.id), known.name)
    account = f"{identity.forge.value}:{identity.id or identity.login}"
    return Person(PersonId(account), identity.login or account)
