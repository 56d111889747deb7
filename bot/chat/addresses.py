"""Addresses of pull and merge requests, as people paste them."""

import re
from dataclasses import dataclass
from typing import Final

_ADDRESS: Final = re.compile(
    r"^<?https?://[^/\s]+/(?P<name>[^\s>|]+?)/(?:-/)?(?:pull|merge_requests)/(?P<number>\d{1,9})(?!\d)[^\s>]*>?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Address:
    """A request by the name of its repository and its number there, and the words that follow."""

    repository: str
    number: int
    rest: str


def leading_address(text: str) -> Address | None:
    """The request whose address stands first (Slack puts it in angle brackets); None where none does."""
    found = _ADDRESS.match(text.strip())
    if found is None:
        return None
    return Address(found["name"], int(found["number"]), text.strip()[found.end() :].strip())
