"""Looking at what is really enforced, for evidence: on request, and every week."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.forge.upkeep import evidence, is_enforced
from bot.forge.watching import COVERED, Watcher
from bot.parts import Core
from bot.startup import MACHINE
from workflows.change.facts import RepositoryFacts
from workflows.change.seen import Forge
from workflows.continuity import Posture
from workflows.ledger.receipt import Receipt
from workflows.service import Service


def look_at(core: Core, forge: Forge, watcher: Watcher, only: Sequence[str], *, told: bool) -> Iterator[Posture]:
    """What holds in each covered repository, or only in those named; also in one that is not reached any more.

    May raise Retry or GiveUp.
    """
    seen: set[str] = set()
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
        seen.add(place.key)
        yield watcher.posture(place, enforced=is_enforced(core.service, place, facts), told=told, now=now)
    with core.store.reading() as reads:
        known = reads.links.of(COVERED)
    for key, name in known.items():
        of, _, number = key.partition(":")
        if of == forge.value and key not in seen and (not wanted or name.casefold() in wanted):
            yield Posture(
                forge=forge,
                repository_id=number,
                repository=name,
                private=True,
                enforced=True,
                told=told,
                reached=False,
            )


def record(service: Service, posture: Posture, now: datetime) -> Receipt:
    """Keep what was seen as an entry of the ledger, with its digest; the receipt."""
    return service.retrying(lambda uow: service.log(uow, evidence(posture), MACHINE, now)).receipt
