"""What is stored of links and sessions: only the SHA-256 of their secrets, so nobody gets in by reading the database.

A secret is 256 random bits. Nobody guesses one, however often they try: no attempt is counted or slowed down.
"""

import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from workflows.actors import Source
from workflows.store.links import LinkReads, Links

LINKS: Final = "console.link"
"""Link scope: SHA-256 of a one-time link → whom it lets in."""
SESSIONS: Final = "console.session"
"""Link scope: SHA-256 of a session's id → whose it is."""
LINK_PREFIX: Final = "wbl_"
SESSION_PREFIX: Final = "wbs_"
LINK_HOLDS: Final = timedelta(minutes=10)
SESSION_HOLDS: Final = timedelta(hours=12)
SESSION_RESTS: Final = timedelta(hours=1)
"""A session in which nothing happens for so long is over."""
NOTED_EVERY: Final = timedelta(minutes=5)
"""How often a session's use is written down; so much sooner it may end for somebody who rests."""


class Whose(BaseModel):
    """Somebody as they were when they asked for a link. What they may do is looked up anew each time."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    person: str
    name: str
    language: str


class PendingLink(Whose):
    """A link that nobody used yet."""

    asked_in: Source
    expires: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether it came too late."""
        return now >= self.expires


class Session(Whose):
    """A session. `seen`: when it was last used, to `NOTED_EVERY`."""

    expires: datetime
    seen: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether its time is over, or it was left alone for too long."""
        return now >= self.expires or now - self.seen >= SESSION_RESTS


def new_secret(prefix: str) -> str:
    """A secret, recognisable as what it is: logs take it out wherever it stands."""
    return prefix + secrets.token_urlsafe(32)


def pending(links: LinkReads, digest: str) -> PendingLink | None:
    """A link that was not used yet."""
    stored = links.get(LINKS, digest)
    return PendingLink.model_validate_json(stored) if stored else None


def session(links: LinkReads, digest: str) -> Session | None:
    """A session that was not ended."""
    stored = links.get(SESSIONS, digest)
    return Session.model_validate_json(stored) if stored else None


def forget_over(links: Links, now: datetime) -> None:
    """Remove links and sessions whose time is over, with the names in them."""
    for scope, digest, one in _all(links):
        if one.is_over(now):
            links.remove(scope, digest)


def forget_person(links: Links, ids: Collection[str]) -> int:
    """End every session of somebody, by all `ids` they are known by, and take back their links. How many sessions."""
    mine = [(scope, digest) for scope, digest, one in _all(links) if one.person in ids]
    for scope, digest in mine:
        links.remove(scope, digest)
    return sum(scope == SESSIONS for scope, _ in mine)


def _all(links: LinkReads) -> Iterator[tuple[str, str, PendingLink | Session]]:
    for digest, stored in links.of(LINKS).items():
        yield LINKS, digest, PendingLink.model_validate_json(stored)
    for digest, stored in links.of(SESSIONS).items():
        yield SESSIONS, digest, Session.model_validate_json(stored)
