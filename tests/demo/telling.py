"""What a step shows: who did what, what the service said. One record for terminal and machine alike."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Unexpected(Exception):
    """Something else happened than the demonstration is there to show."""


class Kind(StrEnum):
    """Who speaks in a line."""

    PERSON = "person"
    BOT = "bot"
    PLACE = "place"
    NOTE = "note"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said or done."""

    kind: Kind
    who: str
    text: str
    buttons: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        buttons = {"buttons": list(self.buttons)} if self.buttons else {}
        return {"kind": self.kind.value, "who": self.who, "text": self.text, **buttons}


@dataclass(slots=True)
class Telling:
    """One step as it goes on. Every line is handed to `live` at once."""

    live: Callable[[Line], None]
    lines: list[Line] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    def person(self, name: str, text: str) -> None:
        """A person does or types something."""
        self._add(Line(Kind.PERSON, name, text))

    def bot(self, text: str, buttons: tuple[str, ...] = ()) -> None:
        """The service answers."""
        self._add(Line(Kind.BOT, "Wachbuch", text, buttons))

    def place(self, where: str, text: str, buttons: tuple[str, ...] = ()) -> None:
        """The service, or a system, writes somewhere."""
        self._add(Line(Kind.PLACE, where, text, buttons))

    def note(self, text: str) -> None:
        """The demonstration explains."""
        self._add(Line(Kind.NOTE, "", text))

    def output(self, command: str, text: str) -> None:
        """What a command of the CLI prints."""
        self._add(Line(Kind.OUTPUT, command, text))

    def found(self, **data: Any) -> None:
        """Something for machines."""
        self.data.update(data)

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        self.live(line)
