"""What a start records: the log's first entry, and the policy in force, stored whole by its hash (A.5.1)."""

from typing import Final

from config.policy.diff import differences
from config.policy.loader import Loaded, stored_policy
from workflows.actors import Actor, Source
from workflows.errors import Conflict
from workflows.logbook import LogOpened, PolicyLoaded
from workflows.service import Service
from workflows.store.links import LinkReads
from workflows.store.reads import Reads
from workflows.store.unit_of_work import UnitOfWork

MACHINE: Final = Actor(None, frozenset(), Source.TIMER)
"""The service itself, where no person acts."""
POLICY_SCOPE: Final = "policy"


def record_start(service: Service, policy: Loaded) -> bool:
    """Record the policy when it is another than at the last start. True when it was."""
    return service.retrying(lambda uow: _record(uow, service, policy))


def policy_in_force(links: LinkReads) -> str | None:
    """The hash of the policy that was recorded last, None before the first start."""
    return links.get(POLICY_SCOPE, "current")


def decides_by(links: LinkReads, policy: Loaded) -> bool:
    """Whether this policy is the one in force, or none is yet. Who has another one must not judge by it."""
    return policy_in_force(links) in {None, policy.sha256}


def _record(uow: UnitOfWork, service: Service, policy: Loaded) -> bool:
    now = service.moment.now()
    before = policy_in_force(uow.links)
    if before == policy.sha256:
        return False
    if before is None:
        if not uow.links.add(POLICY_SCOPE, "current", policy.sha256):
            raise Conflict("expected the first start, found that another process was first")
        service.log(uow, LogOpened(), MACHINE, now)
    uow.policy_seen(policy.sha256, policy.source_text)
    loosened = _loosened(uow, before, policy)
    service.log(uow, PolicyLoaded(sha256=policy.sha256, before=before, loosened=loosened), MACHINE, now)
    uow.links.put(POLICY_SCOPE, "current", policy.sha256)
    return True


def _loosened(uow: UnitOfWork, before: str | None, policy: Loaded) -> int:
    text = Reads(uow.connection).policy_text(before) if before else None
    if text is None:
        return 0
    try:
        stored = stored_policy(text)
    except ValueError:
        # Written by another version of this program: what it loosened cannot be told any more, that it changed can.
        return 0
    return sum(one.loosens for one in differences(stored, policy.policy))
