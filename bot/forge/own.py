"""Who we are at a forge: asked once beside the start, since the answer may be slow, or fail."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.links import StoredLinks
from integrations.errors import ForgeError
from workflows.change.seen import Forge

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OwnLogin:
    """Our App's slug or our login there, as far as the forge has told it."""

    forge: Forge
    links: StoredLinks

    def __call__(self) -> str:
        """The login; empty while it is not known."""
        return self.links.get(self._scope, "login") or ""

    def learn(self, ask: Callable[[], str]) -> None:
        """Ask the forge. Without an answer what was known stays."""
        try:
            login = ask()
        except ForgeError as error:
            log.warning("forge_unreached", forge=self.forge.value, error=type(error).__name__)
            return
        self.links.put(self._scope, "login", login)

    @property
    def _scope(self) -> str:
        return f"{self.forge.value}.own"
