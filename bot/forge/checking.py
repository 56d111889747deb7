"""Looking at what is really enforced, for evidence: on request, and every week."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.forge.upkeep import evidence, is_enforced
from bot.forge.watching import Watcher
from bot.parts import Core
from bot.startup import MACHINE
from workflows.change.facts import RepositoryFacts
from workflows.continuity import Posture
from workflows.ledger.receipt import Receipt
from workflows.service import Service


def look_at(core: Core, watcher: Watcher, only: Sequence[str], *, told: bool) -> Iterator[Posture]:
    """What holds in each covered repository, or only in those named. May raise Retry or GiveUp."""
    now = core.moment.now()
    wanted = {name.casefold() for name in only}
    for reached in watcher.discover(now):
        place = reached.place
        is_covered = core.policy.policy.change.repository(place.name) is not None
        if not is_covered or (wanted and place.name.casefold() not in wanted):
            continue
        with core.store.reading() as reads:
            row = reads.facts.get("repository", place.key)
        facts = RepositoryFacts.model_validate_json(row.doc) if row else None
        yield watcher.posture(place, enforced=is_enforced(core.service, place, facts), told=told, now=now)


def record(service: Service, posture: Posture, now: datetime) -> Receipt:
    """Keep what was seen as an entry of the ledger, with its digest; the receipt."""
    return service.retrying(lambda uow: service.log(uow, evidence(posture), MACHINE, now)).receipt
