"""Looks at what really holds in a repository on GitHub: rules of branches, who may pass them by, the hook, permissions.

Everything but the names of those who may pass a ruleset by is shown to any reader.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from integrations.errors import NotPermitted, NotThere, Unexpected
from integrations.github.client import PERMISSIONS, Client
from integrations.telling.texts import GATE
from workflows.continuity import Branch, Required

_RANK: Final = {"": 0, "read": 1, "write": 2, "admin": 3}
_UPGRADE: Final = "upgrade to"


@dataclass(frozen=True, slots=True)
class Rules:
    """Judged branches and what holds there. `plan` False: this plan has no rules for private repositories."""

    branches: tuple[Branch, ...]
    plan: bool = True


def rules_of(client: Client, repository: str, branches: Iterable[str]) -> Rules:
    """The rules that require our check on each of these branches, as far as the branches exist."""
    found: list[Branch] = []
    for name in branches:
        older = _protection(client, repository, name)
        if older is None:
            continue
        try:
            newer = _rulesets(client, repository, name)
        except NotPermitted as error:
            if _UPGRADE in str(error).lower():
                return Rules((), plan=False)
            newer = None
        rules = older if newer is None else (*newer, *older)
        found.append(Branch(name=name, rules=rules or (None if newer is None else ())))
    return Rules(tuple(found))


def missing_permissions(client: Client, repository: str, body: Mapping[str, Any]) -> tuple[str, ...]:
    """What we may not do there and would have to. `body` is the repository as GitHub shows it to us."""
    if not client.is_app:
        granted = body.get("permissions") or {}
        return () if granted.get("push") or granted.get("admin") else ("statuses: write",)
    held = client.as_app("GET", f"/repos/{repository}/installation").get("permissions") or {}
    lacking = (name for name, level in PERMISSIONS.items() if _RANK[str(held.get(name, ""))] < _RANK[level])
    return tuple(f"{name}: {PERMISSIONS[name]}" for name in sorted(lacking))


def _rulesets(client: Client, repository: str, branch: str) -> tuple[Required, ...]:
    """Of the rulesets, active ones alone: those that are only evaluated are not listed."""
    found = []
    for rule in client.pages(repository, f"/rules/branches/{branch}"):
        if rule.get("type") != "required_status_checks":
            continue
        for check in rule["parameters"]["required_status_checks"]:
            if check["context"] == GATE:
                source = _source(client, check.get("integration_id"))
                found.append(Required(source=source, bypass=_bypass(client, repository, rule)))
    return tuple(found)


def _bypass(client: Client, repository: str, rule: Mapping[str, Any]) -> int | None:
    """How many may pass the ruleset by; None where that is shown to administrators only."""
    if rule.get("ruleset_source_type") != "Repository":
        return None
    try:
        body = client.get(repository, f"/rulesets/{rule['ruleset_id']}").body
    except (NotPermitted, NotThere):
        return None
    actors = body.get("bypass_actors")
    return None if actors is None else len(actors)


def _protection(client: Client, repository: str, branch: str) -> tuple[Required, ...] | None:
    """What the older branch protection requires; None: there is no such branch."""
    try:
        body = client.get(repository, f"/branches/{branch}").body
    except NotThere:
        return None
    try:
        checks = body["protection"]["required_status_checks"]
        level = checks["enforcement_level"]
        listed = [one for one in checks.get("checks", ()) if one["context"] == GATE] if level != "off" else []
        # -1 stands for: from any app.
        sources = [None if one.get("app_id") in (None, -1) else int(one["app_id"]) for one in listed]
    except (KeyError, TypeError, ValueError) as error:
        raise Unexpected(f"expected a branch, found something else: {type(error).__name__}") from error
    return tuple(Required(source=_source(client, one), bypass=0, admins=level == "non_admins") for one in sources)


def _source(client: Client, app: Any) -> bool | None:
    return None if app is None else client.app_id is not None and int(app) == client.app_id
