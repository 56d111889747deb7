"""Where somebody speaks with the bot: what can be done there, and in which words it is said.

Texts are written for Slack. What would not help elsewhere, a command where none can be typed or a thread where there is
none, has its other words in one table each.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.chat.texts import elsewhere
from workflows.actors import Source

_ID_LENGTH: Final = 9


@dataclass(frozen=True, slots=True)
class Surface:
    """`is_slack`: there are threads, and channels show by their ids. `is_typed`: commands can be typed."""

    is_slack: bool = False
    is_typed: bool = True
    instead: Mapping[str, str] = field(default_factory=dict)
    """Text to what is said there in its place."""

    def channel(self, configured: str | None) -> str:
        """How a channel of the policy is called there; empty where none is set, or where only its id is known."""
        if not configured or self.is_slack:
            return configured or ""
        return "" if is_channel_id(configured) else f"#{configured}"


SLACK: Final = Surface(is_slack=True)
TERMINAL: Final = Surface(instead=elsewhere.TERMINAL)
CONSOLE: Final = Surface(is_typed=False, instead=elsewhere.CONSOLE)
_OF: Final[Mapping[Source, Surface]] = {Source.CONSOLE: CONSOLE, Source.CLI: TERMINAL}


def surface_of(source: Source) -> Surface:
    """The surface behind a door; Slack for what is read there whoever it came from."""
    return _OF.get(source, SLACK)


def is_channel_id(configured: str) -> bool:
    """Whether a channel of the policy is named by its id (`C0123456789`)."""
    return configured[:1] in {"C", "G"} and configured.isupper() and len(configured) >= _ID_LENGTH
