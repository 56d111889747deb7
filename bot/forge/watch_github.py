"""Looking for news on GitHub."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from bot.forge.holds_github import GitHubHolds
from bot.forge.intake import INSTALLATIONS, remember_name
from bot.forge.troubles import answers
from bot.forge.watching import Head, Look, Marks, Mended, Place, Reached, Step, Watched
from config.policy.models import Policy
from integrations import errors
from integrations.github import watch
from integrations.github.client import Client
from workflows.change.seen import BranchPushed, Forge, RepositorySeen, RequestCore, RequestSeen, RequestState
from workflows.continuity import Posture
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

FRESH: Final = timedelta(seconds=10)
SETTLED_EVERY: Final = timedelta(minutes=3)
"""A head whose checks are all done is looked at this often: somebody can run one again."""
MOST_HEADS: Final = 100
SKEW: Final = timedelta(minutes=5)
"""How far GitHub's clock may be behind ours."""
FIRST_DEPLOYMENTS: Final = timedelta(days=1)
_LISTS: Final = ("checks", "statuses")


@dataclass(frozen=True, slots=True)
class GitHubWatcher:
    """GitHub as the rounds see it. `own` is our login, empty as long as it is not known."""

    client: Client
    policy: Policy
    own: Callable[[], str]
    holds: GitHubHolds

    def discover(self, now: datetime) -> Iterable[Reached]:
        """All repositories of the App's installations, or of the token's owner."""
        with answers():
            return [_reached(one, now) for one in watch.reached(self.client)]

    def steps(self, *, thorough: bool) -> Sequence[Step]:
        """Who pushed comes first: the approvals of a request depend on it."""

        def heads(place: Place, watched: Watched, now: datetime) -> Look:
            return self._heads(place, watched, now, thorough=thorough)

        return (self._pushes, self._requests, heads, self._deployments)

    def pause(self, place: Place) -> float:
        """Seconds until the share of the quota allows the next call."""
        return self.client.pause(place.name)

    def mend(self, place: Place | None, since: datetime, now: datetime) -> Mended:
        """Lost deliveries, and a hook that is switched off."""
        return self.holds.mend(place, since, now)

    def posture(self, place: Place, *, enforced: bool, told: bool, now: datetime) -> Posture:
        """What really holds there."""
        return self.holds.posture(place, enforced=enforced, told=told, now=now)

    # requests -----------------------------------------------------------------------------------------------------

    def _requests(self, place: Place, watched: Watched, now: datetime) -> Look:
        with answers():
            found = watch.requests_since(
                self.client, place.name, watched.requests_until, watched.etags.get("requests", "")
            )
        if found is None:
            return Look(watched.model_copy(update={"owed": _joined(watched.owed, watched.fresh), "fresh": ()}))
        if found.short:
            log.warning("forge_list_too_long", repository=place.name, list="requests")
        covered = {number: core for number, core in found.found if self._covers(place, core)}
        known = watched.heads
        wanted = [
            number for number, core in covered.items() if core.state is not RequestState.CLOSED or number in known
        ]
        changed = {
            "owed": _joined(watched.owed, watched.fresh, wanted),
            "fresh": tuple(number for number in wanted if now - covered[number].updated_at < FRESH),
            "heads": _heads_of(known, found.found, covered),
            "requests_until": max(
                [watched.requests_until or now - SKEW, *(core.updated_at for _, core in found.found)]
            ),
            "etags": {**watched.etags, "requests": found.etag},
        }
        left = {number: core for number, core in found.found if number in known and number not in covered}
        return Look(watched.model_copy(update=changed), tuple(_seen(place, *one, now) for one in left.items()))

    def _covers(self, place: Place, core: RequestCore) -> bool:
        return self.policy.change.repository(place.name, core.base) is not None

    # pushes and deployments -----------------------------------------------------------------------------------------

    def _pushes(self, place: Place, watched: Watched, _: datetime) -> Look:
        last, etag = int(watched.pushes_until or 0), watched.etags.get("pushes", "")
        watched, found = _if_permitted(
            watched, "pushes",
            lambda: watch.pushes_since(self.client, place.name, place.repository_id, last, etag),
        )  # fmt: skip
        if found is None:
            return Look(watched)
        told = []
        for one in found.updates:
            judged = self.policy.change.repository(place.name, one.branch) is not None
            if judged and not last:
                continue  # What was pushed to judged branches before we first looked is not news.
            told.append(self._made(place, one) if judged and one.before is None else one)
        kept = {"pushes_until": str(found.last), "etags": {**watched.etags, "pushes": found.etag}}
        return Look(watched.model_copy(update=kept), tuple(told))

    def _made(self, place: Place, push: BranchPushed) -> BranchPushed:
        """A judged branch that was made: cut from what was judged, or with new commits; the list does not say."""
        with answers():
            return push.model_copy(update={"fresh": watch.is_new(self.client, place.name, push)})

    def _deployments(self, place: Place, watched: Watched, now: datetime) -> Look:
        since, etag = watched.deployments_until or now - FIRST_DEPLOYMENTS, watched.etags.get("deployments", "")
        running = watched.running
        watched, found = _if_permitted(
            watched, "deployments",
            lambda: watch.deployments_since(self.client, place.name, place.repository_id, since, running, etag),
        )  # fmt: skip
        if found is None:
            return Look(watched)
        etags = {**watched.etags, "deployments": found.etag}
        kept = {"deployments_until": now, "running": found.running, "etags": etags}
        return Look(watched.model_copy(update=kept), found.updates)

    # heads ------------------------------------------------------------------------------------------------------------

    def _heads(self, place: Place, watched: Watched, now: datetime, *, thorough: bool) -> Look:
        due = [number for number, head in watched.heads.items() if thorough or _is_due(head, now)]
        due.sort(key=lambda number: watched.heads[number].looked_at or datetime.min.replace(tzinfo=now.tzinfo))
        heads, changed, forged = dict(watched.heads), [], []
        for number in due[:MOST_HEADS]:
            known = watched.heads[number]
            with answers():
                found = self._marks(place, known)
            if found is None:
                heads.pop(number)
                continue
            heads[number] = _looked(known, found, self._asked_for(place), now)
            forged += [(number, known.sha)] if any(one.forged for one in found.values()) else []
            changed += [number] if _differs(known, heads[number]) else []
        kept = {"heads": heads, "owed": _joined(watched.owed, changed)}
        return Look(watched.model_copy(update=kept), forged=tuple(forged))

    def _marks(self, place: Place, known: Head) -> Mapping[str, watch.Marks] | None:
        """How the checks of a head look now; None: GitHub does not know the commit any more."""
        checks, statuses = (_marks(known.lists.get(name, Marks())) for name in _LISTS)
        own = "" if self.client.is_app else self.own()
        try:
            return {
                "checks": watch.checks_of(self.client, place.name, known.sha, checks),
                "statuses": watch.statuses_of(self.client, place.name, known.sha, statuses, own),
            }
        except (errors.NotThere, errors.Rejected):
            return None

    def _asked_for(self, place: Place) -> frozenset[str]:
        rules = [one for one in self.policy.change.repositories if one.names(place.name)]
        checks = frozenset(one.name for rule in rules for one in rule.checks)
        return checks | frozenset(one.check for rule in rules for one in rule.security_tests)


Found = TypeVar("Found")


def _if_permitted(watched: Watched, part: str, ask: Callable[[], Found | None]) -> tuple[Watched, Found | None]:
    """What was found, with a note when we may not look there: requests are judged all the same."""
    blind = set(watched.blind) - {part}
    found = None
    with answers():
        try:
            found = ask()
        except (errors.NotPermitted, errors.NotThere):
            blind.add(part)
    return watched.model_copy(update={"blind": tuple(sorted(blind))}), found


def _reached(found: watch.Reached, now: datetime) -> Reached:
    repository = found.repository
    seen = RepositorySeen(
        forge=Forge.GITHUB,
        repository_id=repository.number,
        name=repository.full_name,
        default_branch=repository.default_branch,
        private=repository.private,
        seen_at=now,
    )

    def remember(uow: UnitOfWork) -> None:
        remember_name(uow, Forge.GITHUB, repository.full_name, repository.number)
        if found.installation is not None:
            uow.links.put(INSTALLATIONS, repository.number, str(found.installation))

    return Reached(seen, remember)


def _seen(place: Place, number: int, core: RequestCore, now: datetime) -> RequestSeen:
    return RequestSeen(
        forge=place.forge, repository_id=place.repository_id, number=number, repository=place.name, core=core,
        seen_at=now,
    )  # fmt: skip


def _heads_of(
    known: Mapping[int, Head], found: Iterable[tuple[int, RequestCore]], covered: Mapping[int, RequestCore]
) -> dict[int, Head]:
    """The heads of open requests, each with what is known of it as long as it is the same commit."""
    heads = dict(known)
    for number, core in found:
        before = heads.pop(number, None)
        if number in covered and core.state is RequestState.OPEN:
            heads[number] = before if before is not None and before.sha == core.head else Head(sha=core.head)
    return heads


def _marks(kept: Marks) -> watch.Marks:
    return watch.Marks(kept.etag, kept.digest, kept.running, kept.names)


def _is_due(head: Head, now: datetime) -> bool:
    return not head.settled or head.looked_at is None or now - head.looked_at >= SETTLED_EVERY


def _looked(known: Head, found: Mapping[str, watch.Marks], asked_for: frozenset[str], now: datetime) -> Head:
    lists = {
        name: Marks(etag=one.etag, digest=one.digest, running=one.running, names=one.names)
        for name, one in found.items()
    }
    names = {name for one in found.values() for name in one.names}
    settled = asked_for <= names and not any(one.running for one in found.values())
    return Head(sha=known.sha, lists=lists, settled=settled, looked_at=now)


def _differs(known: Head, now: Head) -> bool:
    """Whether some check is another than before. Of a new head that has none yet nothing has to be read."""
    digests = {name: marks.digest for name, marks in known.lists.items()}
    return any(
        marks.digest != digests.get(name, "") and (marks.names or name in digests) for name, marks in now.lists.items()
    )


def _joined(*parts: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for part in parts for number in part))
