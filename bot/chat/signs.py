"""Signs that must not reach a screen as they are: they turn what follows, or are none that can be shown."""

from typing import Final

_TURNING: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
"""Signs that turn the direction of what follows: a text could look like another one, or like a sentence of ours."""
_CONTROLS: Final = {
    **dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)], "�"),
    0x0D: None,
}
"""Control characters; line feed and tabulator are none of them, and a return adds nothing."""
_UNWRITABLE: Final = dict.fromkeys([0x00, *range(0xD800, 0xE000)], "�")
"""What no page can hold: the zero byte, and halves of pairs."""


def unturned(text: str) -> str:
    """A text without what turns its direction."""
    return text.translate(_TURNING)


def shown(text: str) -> str:
    """A text as a page may hold it: nothing turns its direction, and what cannot be shown has a mark in its place."""
    return typed(unturned(text)).translate(_CONTROLS)


def typed(text: str) -> str:
    """A text as an input holds it, to be sent again as it was: only what no page can hold has a mark in its place."""
    return text.translate(_UNWRITABLE)
