"""The one error of this package: bytes or values that are not what the format allows."""

from typing import NoReturn

SHOWN_CHARACTERS = 80


class Broken(ValueError):
    """Something that is no ledger data. The message names what was expected and what was found."""

    def __init__(self, what: str, expected: object, found: object) -> None:
        self.what = what
        self.expected = _short(expected)
        self.found = _short(found)
        super().__init__(f"{what}: expected {self.expected}, found {self.found}")


def refuse(what: str, expected: object, found: object) -> NoReturn:
    """Raise `Broken`."""
    raise Broken(what, expected, found)


def _short(value: object) -> str:
    """The value in at most one line, printable whatever it holds."""
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
