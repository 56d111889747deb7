"""Reading a request from its forge: what is the same wherever it lies."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import structlog

from config.policy.models import Policy, RepositoryPolicy
from workflows.change.facts import RequestFacts
from workflows.change.seen import RequestKey, Update
from workflows.change.snapshot import Why, rules_for
from workflows.store.store import Store

log = structlog.get_logger(__name__)

Client = TypeVar("Client")


@dataclass(frozen=True, slots=True)
class ForgeReader(ABC, Generic[Client]):
    """Reads requests of one forge."""

    client: Client
    store: Store
    policy: Policy
    now: Callable[[], datetime]

    def read(
        self, request: RequestKey, name: str, facts: RequestFacts | None, why: tuple[Why, ...]
    ) -> Iterable[Update]:
        """All facts of the request and its head, as of now."""
        log.info("forge_read", request=str(request), why=[one.value for one in why])
        return self.look(request, name, facts, rules_for(facts, self.policy))

    @abstractmethod
    def look(
        self, request: RequestKey, name: str, facts: RequestFacts | None, rules: RepositoryPolicy | None
    ) -> Iterable[Update]:
        """The same, under these rules (None: they are not known, or no policy covers it). May raise Retry or GiveUp."""
