"""Marks texts for translation where they are defined; they are translated where they are shown."""

from typing import Protocol


def _(message: str) -> str:
    """Mark a text that is translated later. Returns it unchanged."""
    return message


class Texts(Protocol):
    """What rendering needs of a translator."""

    def gettext(self, message: str, /) -> str:
        """The text in the reader's language."""
        ...
