"""What people wrote, out of the form in which Slack hands it on.

Slack escapes three signs in messages, and puts what it recognised (people, channels, links) in angle brackets.
"""

import re
from functools import partial
from typing import Final

from config.policy.models import Policy

_TOKEN: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def as_written(text: str, policy: Policy) -> str:
    """The text of a message as its author saw it. People whom neither Slack nor the policy names stay an id."""
    return unescaped(_TOKEN.sub(partial(_shown, policy), text))


def unescaped(text: str) -> str:
    """The three signs again. Harmless for a text in which they never were escaped."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(policy: Policy, found: re.Match[str]) -> str:
    sign, target, label = found[1], found[2], found[3]
    known = policy.person_by(slack=target) if sign == "@" and not label else None
    if sign == "!":
        # `subteam^S012` and `date^1392734382^{date}` have their words beside them.
        return label or f"@{target.partition('^')[0]}"
    if sign:
        return f"{sign}{(label or (known.name if known else target)).removeprefix(sign)}"
    address = target.removeprefix("mailto:")
    return address if label in (None, "", address) else f"{label} ({address})"
