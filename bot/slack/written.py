"""What people wrote, out of the form in which Slack hands it on.

Slack escapes three signs in messages, and puts what it recognised (people, channels, links) in angle brackets.
"""

import re
from typing import Final

_TOKEN: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def as_written(text: str) -> str:
    """The text of a message as its author saw it. People whom Slack names by their id only stay an id."""
    return unescaped(_TOKEN.sub(_shown, text))


def unescaped(text: str) -> str:
    """The three signs again. Harmless for a text in which they never were escaped."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(found: re.Match[str]) -> str:
    sign, target, label = found[1], found[2], found[3]
    if sign == "!":
        # `subteam^S012` and `date^1392734382^{date}` have their words beside them.
        return label or f"@{target.partition('^')[0]}"
    if sign:
        return f"{sign}{(label or target).removeprefix(sign)}"
    address = target.removeprefix("mailto:")
    return address if label in (None, "", address) else f"{label} ({address})"
