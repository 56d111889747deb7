"""The link table for those who work outside any case's transaction, and people without Slack."""

from dataclasses import dataclass

from config.policy.models import Policy
from workflows.actors import Person, PersonId
from workflows.store.store import Store


@dataclass(frozen=True, slots=True)
class StoredLinks:
    """Links written at once, each in a transaction of its own."""

    store: Store

    def get(self, scope: str, key: str) -> str | None:
        """The value, None when there is none."""
        with self.store.reading() as reads:
            return reads.links.get(scope, key)

    def put(self, scope: str, key: str, value: str) -> None:
        """Set or replace the value."""
        with self.store.transaction() as uow:
            uow.links.put(scope, key, value)

    def keys_of(self, scope: str, value: str) -> list[str]:
        """The keys that lead to a value."""
        with self.store.reading() as reads:
            return reads.links.keys_of(scope, value)

    def remove(self, scope: str, key: str) -> None:
        """Remove a link; nothing happens where there is none."""
        with self.store.transaction() as uow:
            uow.links.remove(scope, key)


@dataclass(frozen=True, slots=True)
class PolicyDirectory:
    """People by policy id or name, for the terminal."""

    policy: Policy

    def find(self, token: str) -> Person | None:
        """The person of the policy; without a policy naming anybody, whoever is named."""
        wanted = token.strip().removeprefix("@")
        if not wanted:
            return None
        for known in self.policy.people:
            if wanted.casefold() in {known.id.casefold(), known.name.casefold()}:
                return Person(PersonId(known.id), known.name)
        return None
