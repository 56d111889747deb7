"""People of the policy by id or name, for surfaces without Slack."""

from dataclasses import dataclass

from config.policy.models import Policy, PolicyPerson
from workflows.actors import Person, PersonId


@dataclass(frozen=True, slots=True)
class PolicyDirectory:
    """Finds the people whom the policy names."""

    policy: Policy

    def find(self, token: str) -> Person | None:
        """The person behind a policy id, a name or `@name`."""
        named = named_in(self.policy, token)
        return Person(PersonId(named.id), named.name) if named else None


def named_in(policy: Policy, wanted: str) -> PolicyPerson | None:
    """The one person of the policy with this id or name, else with this first name; None for none or several."""
    bare = wanted.strip().removeprefix("@").casefold()
    if not bare:
        return None
    found = [one for one in policy.people if bare in {one.id.casefold(), one.name.casefold()}]
    found = found or [one for one in policy.people if one.name.casefold().split()[0] == bare]
    return found[0] if len(found) == 1 else None
