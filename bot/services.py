"""The service over an open database: the same for the process that serves and for commands beside it."""

from typing import Final

from bot.startup import policy_in_force, record_start
from config.policy.loader import Loaded
from workflows.moment import Moment
from workflows.service import Service
from workflows.store.store import Store

ROUTES: Final = frozenset({"slack", "github", "gitlab", "timer", "forge", "pager"})
"""Every route there is. What is enqueued beside a running service is delivered by that service."""
ROUTES_SCOPE: Final = "routes"
"""Link scope: what the running service delivers, so that commands beside it enqueue the same."""


def make_service(store: Store, policy: Loaded, moment: Moment, routes: frozenset[str] | None = None) -> Service:
    """The service. `routes` None: those that the service last announced, for commands that run beside it.

    Such a command records its policy when it is another than the last one: nothing is decided by rules nobody knows.
    """
    if routes is not None:
        return Service(store, policy.policy, policy.sha256, moment, routes)
    with store.reading() as reads:
        known = reads.links.get(ROUTES_SCOPE, "service")
        in_force = policy_in_force(reads.links)
    service = Service(store, policy.policy, policy.sha256, moment, frozenset((known or "timer").split(",")))
    if in_force != policy.sha256:
        record_start(service, policy)
    return service


def announce_routes(store: Store, routes: frozenset[str]) -> None:
    """Remember what this process delivers."""
    with store.transaction() as uow:
        uow.links.put(ROUTES_SCOPE, "service", ",".join(sorted(routes)))
