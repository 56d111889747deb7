"""Who looks at the console."""

from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request

from bot.chat.port import Speaker


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who signed in, and the language they read."""

    speaker: Speaker

    @property
    def name(self) -> str:
        """The name people read."""
        person = self.speaker.actor.person
        return person.name if person is not None else ""


class Visitors(Protocol):
    """Who looks at the console."""

    def of(self, request: Request) -> Visitor | None:
        """Who signed in; None for nobody, and for a session that is over."""
