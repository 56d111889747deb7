"""The people behind accounts of a forge."""

from config.policy.models import Policy
from workflows.actors import Person, PersonId
from workflows.change.seen import Identity


def person_of(policy: Policy, identity: Identity) -> Person:
    """The person behind an account: by the policy, else known by the numeric id of the account."""
    number = int(identity.id) if identity.id else None
    known = policy.person_by(github_id=number, github_login=identity.login)
    if known is not None:
        return Person(PersonId(known.id), known.name)
    return Person(PersonId(f"github:{identity.id or identity.login}"), identity.login or f"github:{identity.id}")
