"""The one comment on a request, edited in place. How a forge finds, edits and makes it is handed in.

Writes only what is different from what was written last, which the caller keeps (`Commented`).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from integrations.errors import NotThere
from integrations.telling.texts import MARKER, Told


@dataclass(frozen=True, slots=True)
class Commented:
    """Our comment on a request."""

    number: int
    content: str


class Comments(Protocol):
    """The comments of one request on its forge."""

    @property
    def most(self) -> int:
        """Characters of a comment."""

    def own(self) -> int | None:
        """Our comment, None when there is none."""

    def edit(self, number: int, body: str) -> None:
        """Write it anew. NotThere: somebody deleted it."""

    def make(self, body: str) -> int:
        """Write the first; its number."""


def keep_comment(comments: Comments, told: Told, last: Commented | None = None) -> Commented:
    """Bring our one comment up to date; looked for when it is not known."""
    body = told.comment[: comments.most]
    content = hashlib.sha256(f"{told.head}\0{timeless(body)}".encode()).hexdigest()
    if last is not None and last.content == content:
        return last
    known = last.number if last is not None else comments.own()
    if known is not None:
        try:
            comments.edit(known, body)
        except NotThere:
            pass  # Somebody deleted it: it is written anew below.
        else:
            return Commented(known, content)
    return Commented(comments.make(body), content)


def ours_among(listed: Iterable[Mapping[str, Any]], author: str, key: str, own: object) -> int | None:
    """Our comment among all: by its marker, and by its `author`'s `key`. Anybody can write the marker."""
    for one in listed:
        if (one.get(author) or {}).get(key) == own and str(one.get("body") or "").startswith(MARKER):
            return int(one["id"])
    return None


def timeless(summary: str) -> str:
    """Without its last line, which says as of when: a later time alone is no news."""
    return summary.rpartition("\n")[0]
