"""GitHub as the jobs about held deployments see it."""

from dataclasses import dataclass
from typing import ClassVar

from bot.forge.held import Held
from bot.forge.intake import INSTALLATIONS
from integrations.github import protection
from integrations.github.client import Client
from workflows.store.store import Store


@dataclass(frozen=True, slots=True)
class GitHubProtection:
    """Answers custom deployment protection rules; only an App can."""

    client: Client
    store: Store
    observing: ClassVar[bool] = True

    def answer(self, held: Held, *, approved: bool, comment: str) -> None:
        """The final word."""
        self._know(held)
        protection.answer(
            self.client, held.repository, held.number, held.environment, approved=approved, comment=comment
        )

    def report(self, held: Held, comment: str) -> bool:
        """Say what it waits for."""
        self._know(held)
        protection.report(self.client, held.repository, held.number, held.environment, comment)
        return True

    def _know(self, held: Held) -> None:
        """Where the App is installed, as a webhook told us: spares a call."""
        with self.store.reading() as reads:
            installation = reads.links.get(INSTALLATIONS, held.repository_id)
        if installation:
            self.client.know_installation(held.repository, int(installation))
