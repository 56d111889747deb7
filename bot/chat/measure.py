"""How long a text is, where a surface has limits. Slack does not say what it counts: taken is the strictest reading."""

BUTTON_CARRIES = 1900
"""So many signs of a sentence can go along with a button."""
_UNIT = 2


def length(text: str) -> int:
    """Signs as JavaScript counts them: an emoji is two or more."""
    return len(_units(text)) // _UNIT


def clip(text: str, most: int) -> str:
    """The beginning of a text, at most so long; no sign is cut in two."""
    return text if length(text) <= most else _units(text)[: most * _UNIT].decode("utf-16-le", "ignore")


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
