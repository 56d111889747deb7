"""Tokens of pipelines: what they may ask, until when, and when they were last used. Stored by their hash alone.

A personal token makes somebody that person at a terminal; one of these is nobody, and may only ask the gate (A.5.17).
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from workflows.logbook import TokenScope
from workflows.store.links import LinkReads
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork

PREFIX: Final = "wbg_"
TOKENS: Final = "pipeline_token"
"""Link scope: SHA-256 of a token → what it may do."""
USED: Final = "pipeline_token_used"
"""Link scope: SHA-256 of a token → when it was last used, to the hour."""


class Standing(StrEnum):
    """Whether a token is good."""

    GOOD = "good"
    UNKNOWN = "unknown"
    EXPIRED = "expired"


class PipelineToken(BaseModel):
    """What is stored of a token. `repositories` empty: all."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    scopes: tuple[TokenScope, ...]
    repositories: tuple[str, ...] = ()
    expires: datetime
    created_at: datetime
    created_by: str
    digest: str

    def may(self, scope: TokenScope) -> bool:
        """Whether it has this scope; who may record may also ask."""
        return scope in self.scopes or (scope is TokenScope.GATE_CHECK and TokenScope.GATE_RECORD in self.scopes)

    def reaches(self, repository: str) -> bool:
        """Whether it is for this repository."""
        return not self.repositories or repository.casefold() in {one.casefold() for one in self.repositories}


@dataclass(frozen=True, slots=True)
class Presented:
    """A token that somebody showed."""

    standing: Standing
    token: PipelineToken | None = None


def digest_of(token: str) -> str:
    """What is stored in place of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A token that nobody can guess: 32 random bytes."""
    return PREFIX + secrets.token_urlsafe(32)


def store_token(uow: UnitOfWork, token: PipelineToken) -> None:
    """Keep what it may do."""
    uow.links.put(TOKENS, token.digest, token.model_dump_json())


def forget(uow: UnitOfWork, digest: str) -> PipelineToken | None:
    """Revoke a token; None when there is no such one."""
    stored = uow.links.get(TOKENS, digest)
    for scope in (TOKENS, USED) if stored else ():
        uow.links.remove(scope, digest)
    return PipelineToken.model_validate_json(stored) if stored else None


def present(links: LinkReads, shown: str, now: datetime) -> Presented:
    """Whose token this is and whether it still holds. Compared in constant time."""
    digest = digest_of(shown)
    stored = links.get(TOKENS, digest)
    token = PipelineToken.model_validate_json(stored) if stored else None
    if token is None or not hmac.compare_digest(token.digest, digest):
        return Presented(Standing.UNKNOWN)
    return Presented(Standing.EXPIRED if now >= token.expires else Standing.GOOD, token)


def note_use(store: Store, token: PipelineToken, now: datetime) -> None:
    """Remember the hour of its last use."""
    hour = now.replace(minute=0, second=0, microsecond=0).isoformat()
    with store.reading() as reads:
        known = reads.links.get(USED, token.digest)
    if known != hour:
        with store.transaction() as uow:
            uow.links.put(USED, token.digest, hour)


def tokens(links: LinkReads) -> tuple[tuple[PipelineToken, str], ...]:
    """All tokens with the hour of their last use, empty for one that was never used."""
    used = links.of(USED)
    listed = (PipelineToken.model_validate_json(value) for value in links.of(TOKENS).values())
    return tuple((one, used.get(one.digest, "")) for one in sorted(listed, key=lambda one: (one.name, one.digest)))


def sealed(token: str, message: bytes) -> str:
    """A seal over a message by whoever holds the token; checked with what is stored of it. Hexadecimal."""
    return seal_by(digest_of(token), message)


def seal_by(digest: str, message: bytes) -> str:
    """The seal that belongs to a stored token."""
    return hmac.new(bytes.fromhex(digest), message, hashlib.sha256).hexdigest()
