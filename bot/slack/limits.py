"""Slack's limits, as documented for Block Kit. Whatever is longer is cut here, with a mark, before it is sent."""

from typing import Final

from bot.chat.measure import clip, length
from bot.chat.signs import unturned

MESSAGE_BLOCKS: Final = 50
MODAL_BLOCKS: Final = 100
PAGE: Final = 40
"""Of them at most so many are read before a form is sent; the questions need the others."""
TEXT: Final = 3000
FIELD: Final = 2000
FIELDS: Final = 10
MESSAGE_TEXT: Final = 12_000
"""All texts of a message together; Slack refuses somewhat above this without documenting where."""
TITLE: Final = 24
HEADER: Final = 150
PLACEHOLDER: Final = 150
OPTION: Final = 75
OPTION_VALUE: Final = 150
OPTIONS: Final = 100
BUTTON: Final = 75
BUTTON_VALUE: Final = 2000
ACTION_ID: Final = 255
ACTIONS: Final = 25
URL: Final = 3000
LABEL: Final = 2000
TYPED: Final = 3000
METADATA: Final = 3000
FIELD_ERROR: Final = 300
FALLBACK: Final = 4000
"""Plain text beside the blocks, read by notifications and screen readers."""

MARK: Final = "…"


def escape(text: str) -> str:
    """Text as Slack's mrkdwn shows it literally: no mention, no link, no channel-wide call can be smuggled in."""
    return unturned(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, the last one a mark when something is missing."""
    return text if length(text) <= limit else clip(text, limit - 1).rstrip() + MARK


def cut_escaped(text: str, limit: int) -> str:
    """Escaped text of at most `limit` characters, never cut within an escape."""
    escaped = escape(text)
    if length(escaped) <= limit:
        return escaped
    kept = clip(escaped, limit - 1)
    start = kept.rfind("&")
    if start >= 0 and ";" not in kept[start:]:
        kept = kept[:start]
    return kept.rstrip() + MARK
