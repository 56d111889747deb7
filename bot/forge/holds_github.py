"""What really holds on GitHub, and the webhooks that call us from there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.forge.troubles import answers
from bot.forge.watching import Mended, Place, calls_us, named_branches
from config.policy.models import Policy
from integrations.deliveries import Attempt, counted, lost
from integrations.errors import NotPermitted, NotThere
from integrations.github import hooks, posture
from integrations.github.client import Client
from integrations.github.quota import Quota
from workflows.change.seen import Forge
from workflows.continuity import Hook, Posture

PATH: Final = "/webhooks/github"


@dataclass(frozen=True, slots=True)
class GitHubHolds:
    """Looks, and mends what may be mended. `public_url`: where our webhooks arrive, empty where that is not told."""

    client: Client
    policy: Policy
    public_url: str

    def mend(self, place: Place | None, since: datetime, now: datetime) -> Mended:
        """The App's one hook as a whole; with a token the hook of each repository."""
        if self.client.is_app is (place is not None):
            return Mended()
        repository = place.name if place else ""
        switched_on, number = False, None
        with answers():
            if place is not None:
                own = hooks.own_hook(self.client, repository, self._is_ours)
                if own is None:
                    return Mended()
                number = own.id
                if not own.active:
                    hooks.switch_on(self.client, repository, own.id)
                    switched_on = True
            again = lost(hooks.attempts(self.client, repository, number, since), now, hooks.KEPT_FOR)
            for one in again:
                hooks.send_again(self.client, repository, number, one)
        return Mended(len(again), switched_on)

    def posture(self, place: Place, *, enforced: bool, told: bool, now: datetime) -> Posture:
        """Rules, hook and permissions of a repository."""
        with answers():
            try:
                body = self.client.get(place.name, "").body
            except (NotPermitted, NotThere):
                return self._unreached(place, enforced=enforced, told=told)
            rules = posture.rules_of(
                self.client, place.name, named_branches(self.policy, place, str(body["default_branch"]))
            )
            hook, is_seen = self._hook(place, now) if told else (None, False)
            missing = posture.missing_permissions(self.client, place.name, body)
        return Posture(
            forge=Forge.GITHUB, repository_id=place.repository_id, repository=place.name,
            private=bool(body["private"]), enforced=enforced, told=told, plan=rules.plan, branches=rules.branches,
            hook=hook, hook_seen=is_seen, missing_permissions=missing, quota=_quota(self.client.quota(place.name)),
        )  # fmt: skip

    def _unreached(self, place: Place, *, enforced: bool, told: bool) -> Posture:
        return Posture(
            forge=Forge.GITHUB, repository_id=place.repository_id, repository=place.name, private=True,
            enforced=enforced, told=told, reached=False,
        )  # fmt: skip

    def _hook(self, place: Place, now: datetime) -> tuple[Hook | None, bool]:
        """The hook and how its deliveries went, and whether hooks are shown to us at all."""
        since = now - hooks.KEPT_FOR
        if self.client.is_app:
            app, config = self.client.as_app("GET", "/app"), self.client.as_app("GET", "/app/hook/config")
            events, url, active = frozenset(map(str, app["events"])), str(config.get("url") or ""), None
            found = hooks.attempts(self.client, "", None, since)
            return _described(self._is_ours(url), active, events, _of(found, place)), True
        try:
            own = hooks.own_hook(self.client, place.name, self._is_ours)
            if own is None:
                return None, True
            found = hooks.attempts(self.client, place.name, own.id, since)
        except (NotPermitted, NotThere):
            return None, False
        return _described(True, own.active, own.events, found), True  # noqa: FBT003 found as ours

    def _is_ours(self, url: str) -> bool:
        return calls_us(url, self.public_url, PATH)


def _of(found: Iterable[Attempt], place: Place) -> tuple[Attempt, ...]:
    return tuple(one for one in found if one.repository_id == place.repository_id)


def _described(ours: bool, active: bool | None, events: frozenset[str], found: Iterable[Attempt]) -> Hook:  # noqa: FBT001 two answers among others
    count = counted(found)
    return Hook(
        active=active, ours=ours, missing_events=() if "*" in events else tuple(sorted(hooks.EVENTS - events)),
        delivered=count.delivered, failed=count.failed, last_at=count.last_at,
    )  # fmt: skip


def _quota(quota: Quota | None) -> tuple[int, int] | None:
    return (quota.remaining, quota.limit) if quota else None
