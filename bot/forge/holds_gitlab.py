"""What really holds on GitLab, and the webhooks that call us from there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Final

from bot.forge.troubles import answers
from bot.forge.watching import Mended, Place, calls_us, named_branches
from config.policy.models import Policy
from integrations.deliveries import counted, lost
from integrations.errors import NotPermitted, NotThere
from integrations.gitlab import hooks
from integrations.gitlab.client import Client
from workflows.change.seen import Forge
from workflows.continuity import Branch, Gap, Hook, Posture

PATH: Final = "/webhooks/gitlab"
_DEVELOPER: Final = 30


@dataclass(frozen=True, slots=True)
class GitLabHolds:
    """Looks, and mends what may be mended. `public_url`: where our webhooks arrive, empty where that is not told."""

    client: Client
    policy: Policy
    public_url: str

    def mend(self, place: Place | None, since: datetime, now: datetime) -> Mended:
        """The hook of a project, or of a group above it: there only what was lost of this project."""
        if place is None:
            return Mended()
        with answers():
            own = hooks.own_hook(self.client, place.repository_id, self._is_ours)
            if own is None:
                own, _ = hooks.group_hook(self.client, place.name, self._is_ours)
            if own is None:
                return Mended()
            switched_on = not own.active and hooks.switch_on(self.client, own)
            again = lost(hooks.attempts(self.client, own, place.repository_id), now, hooks.KEPT_FOR)
            return Mended(hooks.send_again(self.client, own, again), switched_on)

    def posture(self, place: Place, *, enforced: bool, told: bool, now: datetime) -> Posture:
        """Settings of merges, protected branches, hook and role of the token in a project."""
        seen: dict[str, Any] = {
            "forge": Forge.GITLAB, "repository_id": place.repository_id, "repository": place.name,
            "enforced": enforced, "told": told,
        }  # fmt: skip
        with answers():
            try:
                body = self.client.get(f"/projects/{place.repository_id}").body
            except (NotPermitted, NotThere):
                return Posture(**seen, private=True, reached=False)
            branches = named_branches(self.policy, place, str(body.get("default_branch") or ""))
            bare = self._unprotected(place, branches)
            hook, is_seen, unseen = self._hook(place, body) if told else (None, False, ())
        return Posture(
            **seen, private=body.get("visibility") != "public", branches=tuple(Branch(name=one) for one in bare),
            hook=hook, hook_seen=is_seen, missing_permissions=_missing(body),
            gaps=(*_gaps(body, unprotected=bool(bare)), *unseen),
        )  # fmt: skip

    def _unprotected(self, place: Place, branches: Iterable[str]) -> tuple[str, ...]:
        """Judged branches that everybody may push to; empty where that is not shown to us."""
        try:
            listed = list(self.client.pages(f"/projects/{place.repository_id}/protected_branches"))
            there = {
                str(one["name"]) for one in self.client.pages(f"/projects/{place.repository_id}/repository/branches")
            }
        except (NotPermitted, NotThere):
            return ()
        patterns = [str(one["name"]) for one in listed]
        bare = [one for one in branches if one in there and not any(fnmatchcase(one, name) for name in patterns)]
        return tuple(bare)

    def _hook(self, place: Place, body: Mapping[str, Any]) -> tuple[Hook | None, bool, tuple[Gap, ...]]:
        """The hook, whether hooks are shown to us, and what is not to be seen of them."""
        try:
            own = hooks.own_hook(self.client, place.repository_id, self._is_ours)
        except (NotPermitted, NotThere):
            return None, False, ()
        if own is None and (body.get("namespace") or {}).get("kind") == "group":
            own, all_shown = hooks.group_hook(self.client, place.name, self._is_ours)
            if own is None and not all_shown:
                return None, False, (Gap.HOOK_UNSEEN,)
        return self._described(own, place), True, ()

    def _described(self, own: hooks.OwnHook | None, place: Place) -> Hook | None:
        if own is None:
            return None
        count = counted(hooks.attempts(self.client, own, place.repository_id))
        return Hook(
            active=own.active, missing_events=own.missing_events, delivered=count.delivered, failed=count.failed,
            last_at=count.last_at, group=own.group,
        )  # fmt: skip

    def _is_ours(self, url: str) -> bool:
        return calls_us(url, self.public_url, PATH)


def _gaps(body: Mapping[str, Any], *, unprotected: bool) -> tuple[Gap, ...]:
    """GitLab has no required check by name: a merge waits for its pipeline, in which our status stands, or for us."""
    waits = body.get("only_allow_merge_if_pipeline_succeeds") or body.get(
        "only_allow_merge_if_all_status_checks_passed"
    )
    found = (
        (Gap.PIPELINES_OPTIONAL, not waits),
        (Gap.SKIPPED_PIPELINES, bool(waits) and bool(body.get("allow_merge_on_skipped_pipeline"))),
        (Gap.UNPROTECTED, unprotected),
    )
    return tuple(gap for gap, holds in found if holds)


def _missing(body: Mapping[str, Any]) -> tuple[str, ...]:
    held = [one["access_level"] for one in (body.get("permissions") or {}).values() if one]
    return () if not held or max(held) >= _DEVELOPER else ("developer",)
