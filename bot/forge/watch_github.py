"""Looking for news on GitHub."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from bot.forge.heads import asked_for, look_at_heads, with_requests, without_news
from bot.forge.holds_github import GitHubHolds
from bot.forge.intake import INSTALLATIONS, remember_name
from bot.forge.troubles import answers
from bot.forge.watching import Head, Look, Marks, Mended, Place, Reached, Watched
from config.policy.models import Policy
from integrations import errors
from integrations.github import watch
from integrations.github.client import Client
from workflows.change.seen import BranchPushed, Forge, RepositorySeen, RequestCore, RequestSeen
from workflows.continuity import Posture
from workflows.store.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

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

    def requests(self, place: Place, watched: Watched, now: datetime) -> Look:
        """Requests that changed."""
        with answers():
            found = watch.requests_since(
                self.client, place.name, watched.requests_until, watched.etags.get("requests", "")
            )
        if found is None:
            return Look(without_news(watched))
        if found.short:
            log.warning("forge_list_too_long", repository=place.name, list="requests")
        covered = {number for number, core in found.found if self._covers(place, core)}
        told = {number: (core.head, core.state, core.updated_at) for number, core in found.found}
        left = [(number, core) for number, core in found.found if number in watched.heads and number not in covered]
        kept = with_requests(watched, told, covered, now, found.etag)
        return Look(kept, tuple(_seen(place, *one, now) for one in left))

    def _covers(self, place: Place, core: RequestCore) -> bool:
        return self.policy.change.repository(place.name, core.base) is not None

    # pushes and deployments -----------------------------------------------------------------------------------------

    def pushes(self, place: Place, watched: Watched, _: datetime) -> Look:
        """Branches that were pushed, and by whom."""
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

    def deployments(self, place: Place, watched: Watched, now: datetime) -> Look:
        """Deployments and their states."""
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

    def heads(self, place: Place, watched: Watched, now: datetime, *, thorough: bool) -> Look:
        """The checks of open requests."""
        forged: list[str] = []

        def marks(head: Head) -> Mapping[str, Marks] | None:
            with answers():
                found = self._marks(place, head)
            if found is not None and any(one.forged for one in found.values()):
                forged.append(head.sha)
            return {name: _kept(one) for name, one in found.items()} if found is not None else None

        kept = look_at_heads(watched, marks, asked_for(self.policy, place), now, thorough=thorough)
        return Look(kept, forged=tuple((number, head.sha) for number, head in kept.heads.items() if head.sha in forged))

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


def _marks(kept: Marks) -> watch.Marks:
    return watch.Marks(kept.etag, kept.digest, kept.running, kept.names)


def _kept(found: watch.Marks) -> Marks:
    return Marks(etag=found.etag, digest=found.digest, running=found.running, names=found.names)
