"""REST v3 routes of apps, hooks and accounts."""

from typing import Any

from tests.fakes.github.access import APP_ID, APP_SLUG, INSTALLATION_ID
from tests.fakes.github.calls import Call
from tests.fakes.github.world import GitHubError
from tests.fakes.routing import Created, Listed


def app(call: Call) -> Any:
    """The App itself."""
    return call.forge.shapes.app(call.forge.gate.app) | {
        "owner": {"login": "example"},
        "permissions": dict(call.forge.gate.granted),
        "events": list(call.forge.hook.events),
    }


def installation(call: Call) -> Any:
    """The App's installation (of a repository or in all)."""
    if "owner" in call.parts:
        call.forge.world.repository(f"{call.parts['owner']}/{call.parts['repo']}")
    root = call.forge.api
    return {
        "id": INSTALLATION_ID,
        "app_id": APP_ID,
        "app_slug": APP_SLUG,
        "target_type": "Organization",
        "account": {"login": "example", "id": 1, "type": "Organization"},
        "access_tokens_url": f"{root}/app/installations/{INSTALLATION_ID}/access_tokens",
        "permissions": dict(call.forge.gate.granted),
        "events": list(call.forge.hook.events),
    }


def access_token(call: Call) -> Any:
    """An installation token."""
    if int(call.parts["id"]) != INSTALLATION_ID:
        raise GitHubError(404, "Not Found")
    return Created(call.forge.gate.issue(call.input.get("permissions")))


def installed_repositories(call: Call) -> Any:
    """What the installation covers."""
    return Listed([call.forge.shapes.repository(one) for one in call.forge.world.repositories.values()], "repositories")


def user(call: Call) -> Any:
    """The owner of a personal token."""
    if call.caller.app is not None:
        raise GitHubError(403, "Resource not accessible by integration")
    return call.forge.shapes.account(call.caller.account)


def some_user(call: Call) -> Any:
    """An account by login."""
    found = call.forge.world.accounts.get(call.parts["login"])
    if found is None:
        raise GitHubError(404, "Not Found")
    return call.forge.shapes.account(found)


def list_deliveries(call: Call) -> Any:
    """Attempts, newest first."""
    return Listed([one.shape() for one in call.forge.hook.kept], cursor="cursor")


def get_delivery(call: Call) -> Any:
    """One attempt with what was sent."""
    for one in call.forge.hook.kept:
        if one.id == int(call.parts["id"]):
            return one.shape(full=True)
    raise GitHubError(404, "Not Found")
