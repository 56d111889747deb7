"""Looking for news on GitLab."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.forge.heads import SKEW, asked_for, look_at_heads, with_requests, without_news
from bot.forge.holds_gitlab import GitLabHolds
from bot.forge.intake import remember_name
from bot.forge.troubles import answers
from bot.forge.watching import Head, Look, Marks, Mended, Place, Reached, Watched
from bot.jobs.port import Retry
from config.policy.models import Policy
from integrations.errors import NotThere
from integrations.gitlab import watch
from integrations.gitlab.client import Client
from workflows.change.seen import BranchPushed, Forge, RepositorySeen
from workflows.continuity import Posture

FIRST_LOOK: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GitLabWatcher:
    """GitLab as the rounds see it. `shut` holds until when GitLab asked to be left alone, for all projects."""

    client: Client
    policy: Policy
    holds: GitLabHolds
    now: Callable[[], datetime]
    shut: list[datetime] = field(default_factory=list)

    def discover(self, now: datetime) -> Iterable[Reached]:
        """All projects that the token's owner is a member of."""
        if self._is_shut():
            raise Retry("rate_limited", max(self.shut) - now)
        with self._answers():
            return [_reached(one, now) for one in watch.reached(self.client)]

    def pause(self, _: Place) -> float:
        """Seconds until GitLab may be asked again."""
        return max((until - self.now()).total_seconds() for until in self.shut) if self._is_shut() else 0.0

    def _is_shut(self) -> bool:
        return any(until > self.now() for until in self.shut)

    @contextmanager
    def _answers(self) -> Iterator[None]:
        """GitLab's troubles, and a note of the time that it names."""
        try:
            with answers():
                yield
        except Retry as error:
            if error.reason == "rate_limited" and error.after is not None:
                self.shut[:] = [self.now() + error.after]
            raise

    def mend(self, place: Place | None, since: datetime, now: datetime) -> Mended:
        """Failed events, and a hook that GitLab switched off."""
        return self.holds.mend(place, since, now)

    def posture(self, place: Place, *, enforced: bool, told: bool, now: datetime) -> Posture:
        """What really holds there."""
        return self.holds.posture(place, enforced=enforced, told=told, now=now)

    def requests(self, place: Place, watched: Watched, now: datetime) -> Look:
        """Requests that changed."""
        with self._answers():
            found = watch.requests_since(self.client, place.repository_id, watched.requests_until)
        fresh = [one for one in found if not _is_kept(watched, one)]
        if not fresh and watched.requests_until is not None:
            return Look(without_news(watched))
        told = {one.iid: (one.head, one.told, one.updated_at) for one in fresh}
        covered = {one.iid for one in fresh if self.policy.change.repository(place.name, one.base) is not None}
        kept = with_requests(watched, told, covered | (told.keys() & watched.heads.keys()), now)
        return Look(kept.model_copy(update={"listed": tuple(_mark(one) for one in found)}))

    def pushes(self, place: Place, watched: Watched, now: datetime) -> Look:
        """Branches that were pushed, and by whom."""
        last = int(watched.pushes_until or 0)
        since = watched.looked_at or now - FIRST_LOOK
        with self._answers():
            found, newest = watch.pushes_since(self.client, place.repository_id, place.name, last, since)
            told = [self._fresh(place, one) for one in found if last or not self._judges(place, one.branch)]
        return Look(watched.model_copy(update={"pushes_until": str(newest or 1)}), tuple(told))

    def _judges(self, place: Place, branch: str) -> bool:
        return self.policy.change.repository(place.name, branch) is not None

    def _fresh(self, place: Place, push: BranchPushed) -> BranchPushed:
        """A judged branch that was made: cut from what was judged, or with new commits."""
        if push.before is not None or not self._judges(place, push.branch):
            return push
        base = str(self.client.get(f"/projects/{place.repository_id}").body["default_branch"])
        return push.model_copy(update={"fresh": watch.is_new(self.client, place.repository_id, base, push)})

    def deployments(self, place: Place, watched: Watched, now: datetime) -> Look:
        """Deployments and their states."""
        since = watched.deployments_until or now - FIRST_LOOK
        with self._answers():
            found = watch.deployments_since(self.client, place.repository_id, since)
        until = max([since, *(one.at for one in found)]) if found else max(since, now - SKEW)
        return Look(watched.model_copy(update={"deployments_until": until}), found)

    def heads(self, place: Place, watched: Watched, now: datetime, *, thorough: bool) -> Look:
        """The checks of open requests."""

        def marks(head: Head) -> dict[str, Marks] | None:
            try:
                found = watch.marks_of(self.client, place.repository_id, head.sha)
            except NotThere:
                return None
            return {"statuses": Marks(digest=found.digest, running=found.running, names=found.names)}

        with self._answers():
            return Look(look_at_heads(watched, marks, asked_for(self.policy, place), now, thorough=thorough))


def _mark(one: watch.Listed) -> str:
    return f"{one.iid}:{one.updated_at.isoformat()}"


def _is_kept(watched: Watched, one: watch.Listed) -> bool:
    """Whether the last look saw it in just this state: looks overlap, and a list has no tag here."""
    return _mark(one) in watched.listed


def _reached(found: watch.Reached, now: datetime) -> Reached:
    seen = RepositorySeen(
        forge=Forge.GITLAB, repository_id=str(found.id), name=found.path, default_branch=found.default_branch or "",
        private=found.visibility != "public", seen_at=now,
    )  # fmt: skip
    return Reached(seen, lambda uow: remember_name(uow, Forge.GITLAB, found.path, str(found.id)))
