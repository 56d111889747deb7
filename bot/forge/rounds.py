"""The rounds: which repositories there are, and what is new in each. Facts go the same way as those of webhooks."""

import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.forge.evaluate import Reader
from bot.forge.turn import Turn
from bot.forge.upkeep import PULSE_JOB, Upkeep
from bot.forge.watching import (
    COVERED,
    PACE,
    STATE,
    Look,
    Place,
    Reached,
    Watched,
    Watcher,
    discover_job,
    watch_job,
)
from bot.jobs.port import GiveUp, Handlers, Job, JobTools, Retry
from config.settings import ForgeMode
from workflows.change.facts import RepositoryFacts, RequestFacts
from workflows.change.seen import Forge, RepositorySeen, RequestKey, Update
from workflows.continuity import Gap
from workflows.factbook import LISTENING, absorb, enqueue
from workflows.service import Service
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

EVERY: Final[Mapping[ForgeMode, timedelta]] = {
    ForgeMode.POLL: timedelta(minutes=1),
    ForgeMode.WEBHOOK: timedelta(hours=1),
}
"""Between two looks at a repository: the way in without webhooks, or what they may have failed to tell."""
DISCOVER_EVERY: Final = timedelta(minutes=10)
SOON: Final = timedelta(seconds=5)
"""Until the next look when one could not read everything."""
RESTING: Final = timedelta(days=1)
"""A repository that is covered no longer, or a forge without credentials: a start looks again at once."""
LONGEST: Final = timedelta(minutes=10)
MOST_REPOSITORIES: Final = 500
MOST_READ: Final = 50
CALLS_PER_SECOND: Final = 7.5
"""Half of the 900 calls a minute beyond which GitHub speaks of abuse, whether they cost quota or not."""
_NO_ACCESS: Final[Mapping[str, Gap]] = {
    "not_permitted": Gap.PERMISSIONS,
    "rejected": Gap.PERMISSIONS,
    "notthere": Gap.UNREACHED,
}
"""Refusals that no waiting cures, by their codes. A token with a permission granted no longer is rejected."""
SURE_AFTER: Final = 3
"""Refusals in a row until a repository counts as not reached."""
NOTE_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Rounds:
    """Handlers of `forge.discover` and `forge.watch`. `chance` (0 up to 1) keeps many looks from falling together."""

    service: Service
    mode: ForgeMode
    watchers: Mapping[Forge, Watcher]
    readers: Mapping[Forge, Reader]
    upkeep: Upkeep
    chance: Callable[[], float]

    def register(self, handlers: Handlers) -> None:
        """Tell the runner. Also where nothing is configured: rounds of an earlier start rest then."""
        handlers.rounds("forge.discover", self.discover)
        handlers.rounds("forge.watch", self.watch)
        handlers.rounds("forge.pulse", self.upkeep.pulse)

    def begin(self) -> None:
        """At the start: look at once, at everything, since the last time we did."""

        def keep(uow: UnitOfWork) -> None:
            known = uow.links.of(COVERED)
            if self.watchers:
                uow.jobs.keep(PULSE_JOB)
            for forge in self.watchers:
                uow.jobs.keep(discover_job(forge))
            for key, name in known.items():
                uow.jobs.keep(watch_job(_place(key, name)))

        self.service.retrying(keep)

    # which repositories -------------------------------------------------------------------------------------------

    def discover(self, job: Job, tools: JobTools) -> timedelta:
        """Find the repositories that we reach and the policy covers."""
        forge = Forge(job.text("forge"))
        watcher = self.watchers.get(forge)
        if watcher is None:
            return RESTING
        try:
            reached = list(watcher.discover(tools.now))
        except (Retry, GiveUp) as error:
            log.warning("forge_discover_failed", forge=forge.value, reason=error.reason)
            asked = error.after if isinstance(error, Retry) else LONGEST
            return max(asked or EVERY[ForgeMode.POLL], EVERY[ForgeMode.POLL])
        covered = [one for one in reached if self.service.policy.change.repository(one.seen.name) is not None]
        if len(covered) > MOST_REPOSITORIES:
            log.warning("forge_too_many_repositories", forge=forge.value, found=len(covered), watched=MOST_REPOSITORIES)
        there = {one.place.key for one in reached}
        self.service.retrying(lambda uow: self._remember(uow, forge, covered[:MOST_REPOSITORIES], there))
        if self.mode is ForgeMode.WEBHOOK:
            self.upkeep.mend(forge, watcher, None, tools)
        return self._spread(DISCOVER_EVERY if self.mode is ForgeMode.POLL else EVERY[self.mode])

    def _remember(self, uow: UnitOfWork, forge: Forge, covered: Iterable[Reached], there: Container[str]) -> None:
        known = {key: name for key, name in uow.links.of(COVERED).items() if key.startswith(f"{forge.value}:")}
        for one in covered:
            place = one.place
            one.remember(uow)
            uow.links.put(COVERED, place.key, place.name)
            # From here on every push is told, whoever asks for it.
            uow.links.add(LISTENING, place.key, self.service.moment.now().isoformat())
            _note_repository(uow, one.seen)
            if place.key in known:
                uow.jobs.enqueue(watch_job(place))
            else:
                uow.jobs.keep(watch_job(place))
            known.pop(place.key, None)
        for gone, name in known.items():
            uow.links.remove(COVERED, gone)
            self.upkeep.lost(uow, _place(gone, name), Gap.UNCOVERED if gone in there else Gap.UNREACHED)
        self._set_pace(uow, forge)

    def _set_pace(self, uow: UnitOfWork, forge: Forge) -> None:
        """As slow as the number of calls asks for."""
        ours = [key for key in uow.links.of(COVERED) if key.startswith(f"{forge.value}:")]
        states = [Watched.model_validate_json(uow.links.get(STATE, key) or "{}") for key in ours]
        seconds = pace_of([len(one.heads) for one in states])
        if uow.links.get(PACE, forge.value) != str(seconds):
            uow.links.put(PACE, forge.value, str(seconds))
            log.info("forge_pace", forge=forge.value, repositories=len(states), seconds=seconds)

    # what is new --------------------------------------------------------------------------------------------------

    def watch(self, job: Job, tools: JobTools) -> timedelta:
        """Look at one repository."""
        place, watched = self._known(Forge(job.text("forge")), job.text("repository"))
        watcher = self.watchers.get(Forge(job.text("forge")))
        if place is None or watcher is None:
            return RESTING
        if pause := watcher.pause(place):
            return self._spread(max(self._interval(place), timedelta(seconds=pause)))
        turn = Turn(self.service, place, watched, tools)
        try:
            self._look(turn, watcher)
            self.upkeep.after(turn, watcher)
        except (Retry, GiveUp) as error:
            return self._failed(place, error)
        self._save(place, turn.watched.model_copy(update={"failures": 0, "looked_at": tools.now}), before=turn.watched)
        return self._spread(SOON if turn.watched.owed else self._interval(place))

    def _look(self, turn: Turn, watcher: Watcher) -> None:
        known = turn.watched.looked_at is not None
        place, now = turn.place, turn.tools.now
        # Who pushed comes first: the approvals of a request depend on it.
        turn.take(watcher.pushes(place, turn.watched, now))
        turn.take(watcher.requests(place, turn.watched, now))
        turn.take(watcher.heads(place, turn.watched, now, thorough=self.mode is ForgeMode.WEBHOOK))
        turn.take(watcher.deployments(place, turn.watched, now))
        self._read_owed(turn, watcher)
        if known and self.mode is ForgeMode.WEBHOOK:
            self.upkeep.repaired(turn)

    def _read_owed(self, turn: Turn, watcher: Watcher) -> None:
        """Read completely what is owed, each for itself: one that cannot be read does not hold the others."""
        refused: list[int] = []
        for number in turn.watched.owed[:MOST_READ]:
            if turn.tools.is_stopping() or watcher.pause(turn.place):
                break
            updates = self._try_to_read(RequestKey(turn.place.forge, turn.place.repository_id, number), turn.place.name)
            if updates is None:
                refused.append(number)
            owed = tuple(one for one in turn.watched.owed if one != number)
            turn.take(Look(turn.watched.model_copy(update={"owed": owed}), updates or ()))
        if refused:
            later = tuple(dict.fromkeys((*turn.watched.fresh, *refused)))
            turn.take(Look(turn.watched.model_copy(update={"fresh": later})))

    def _try_to_read(self, request: RequestKey, name: str) -> tuple[Update, ...] | None:
        """The facts of a request; None: another time. Raises Retry where the forge names a time to wait."""
        try:
            return self._read(request, name)
        except GiveUp as error:
            log.info("forge_request_unreadable", request=str(request), reason=error.reason)
            return ()
        except Retry as error:
            if error.after is not None:
                raise
            log.warning("forge_request_unread", request=str(request), reason=error.reason)
            return None

    def _read(self, request: RequestKey, name: str) -> tuple[Update, ...]:
        with self.service.store.reading() as reads:
            row = reads.facts.get("request", str(request))
        facts = RequestFacts.model_validate_json(row.doc) if row else None
        return tuple(self.readers[request.forge].read(request, name, facts, ()))

    # between two looks ----------------------------------------------------------------------------------------------

    def _known(self, forge: Forge, repository_id: str) -> tuple[Place | None, Watched]:
        key = f"{forge.value}:{repository_id}"
        with self.service.store.reading() as reads:
            name, kept = reads.links.get(COVERED, key), reads.links.get(STATE, key)
        return (Place(forge, repository_id, name) if name else None, Watched.model_validate_json(kept or "{}"))

    def _failed(self, place: Place, error: Retry | GiveUp) -> timedelta:
        """Nothing is lost: what was found is stored, and the next look goes on from there."""
        _, watched = self._known(place.forge, place.repository_id)
        failures = watched.failures + 1
        log.warning("forge_watch_failed", repository=place.key, reason=error.reason, failures=failures)
        self._save(place, watched.model_copy(update={"failures": failures}), before=None)
        gap = _NO_ACCESS.get(error.reason)
        if gap is not None and failures >= SURE_AFTER:
            self.service.retrying(lambda uow: self.upkeep.lost(uow, place, gap))
        asked = error.after if isinstance(error, Retry) and error.after else timedelta()
        return self._spread(max(asked, min(LONGEST, self._interval(place) * 2 ** min(failures - 1, 10))))

    def _save(self, place: Place, watched: Watched, before: Watched | None) -> None:
        """Write where it is worth it: that nothing was new is noted every few minutes only."""
        if before is not None and watched.failures == before.failures and not _is_old(before, watched):
            return
        value = watched.model_dump_json()
        self.service.retrying(lambda uow: uow.links.put(STATE, place.key, value))

    def _interval(self, place: Place) -> timedelta:
        if self.mode is ForgeMode.WEBHOOK:
            return EVERY[self.mode]
        with self.service.store.reading() as reads:
            pace = reads.links.get(PACE, place.forge.value)
        return max(EVERY[self.mode], timedelta(seconds=int(pace or 0)))

    def _spread(self, pause: timedelta) -> timedelta:
        """Up to a tenth longer or shorter."""
        return pause * (0.9 + self.chance() / 5)


def pace_of(open_requests: Sequence[int]) -> int:
    """Seconds between two looks at a repository, for repositories with so many open requests each."""
    calls = sum(3 + 2 * number for number in open_requests)
    return math.ceil(max(EVERY[ForgeMode.POLL].total_seconds(), calls / CALLS_PER_SECOND))


def _place(key: str, name: str) -> Place:
    forge, _, repository_id = key.partition(":")
    return Place(Forge(forge), repository_id, name)


def _is_old(before: Watched, now: Watched) -> bool:
    if before.looked_at is None or now.looked_at is None:
        return True
    return now.looked_at - before.looked_at >= NOTE_EVERY


def _note_repository(uow: UnitOfWork, seen: RepositorySeen) -> None:
    """That a repository is as it was is no news."""
    row = uow.facts.get(seen.scope, seen.key)
    known = RepositoryFacts.model_validate_json(row.doc).seen if row else None
    if known is None or known.model_copy(update={"seen_at": seen.seen_at}) != seen:
        for mark in absorb(uow, (seen,)):
            enqueue(uow, mark)
