"""What people wrote, out of the form in which Slack hands it on.

Slack escapes three signs in messages, and puts what it recognised (people, channels, links) in angle brackets.
"""

import re
from functools import partial
from typing import Final

from config.policy.models import Policy

_TOKEN: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def as_written(text: str, policy: Policy | None = None) -> str:
    """The text of a message as its author saw it. Of people Slack tells the id alone; the policy knows their names."""
    return unescaped(_TOKEN.sub(partial(_shown, policy), text))


def unescaped(text: str) -> str:
    """The three signs again. Harmless for a text in which they never were escaped."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(policy: Policy | None, found: re.Match[str]) -> str:
    sign, target, label = found[1], found[2], found[3]
    known = policy.person_by(slack=target) if policy is not None and sign == "@" and target else None
    if known is not None:
        return f"@{known.name}"
    if sign == "!":
        # `subteam^S012` and `date^1392734382^{date}` have their words beside them.
        return label or f"@{target.partition('^')[0]}"
    if sign:
        return f"{sign}{(label or target).removeprefix(sign)}"
    address = target.removeprefix("mailto:")
    return address if label in (None, "", address) else f"{label} ({address})"
