"""REST v3 routes for those who look by themselves: what happened, and what holds on a branch."""

from typing import Any

from tests.fakes.github.access import APP_ID, INSTALLATION_ID
from tests.fakes.github.calls import Call
from tests.fakes.github.hooks import HOOK_ID
from tests.fakes.github.shapes import moment
from tests.fakes.github.world import GitHubError, Repository
from tests.fakes.routing import Created, Listed

RULESET_ID = 31
NO_PLAN = "Upgrade to GitHub Pro or make this repository public to enable this feature."


def list_activity(call: Call) -> Any:
    """Pushes and merges, newest first, paged by a cursor."""
    call.caller.need("contents")
    repository, ref = call.repository, call.request.query.get("ref", "")
    shown = [
        {
            "id": one.id,
            "before": one.before,
            "after": one.after,
            "ref": one.ref,
            "timestamp": moment(one.at),
            "activity_type": one.kind,
            "actor": call.forge.shapes.account(one.actor),
        }
        for one in reversed(repository.activity)
        if ref in ("", one.ref)
    ]
    return Listed(shown, cursor="after")


def list_installations(call: Call) -> Any:
    """Where the App is installed: one place."""
    return Listed([installation(call)])


def installation(call: Call) -> dict[str, Any]:
    """The App's installation, with what was granted there."""
    return {
        "id": INSTALLATION_ID,
        "app_id": APP_ID,
        "account": {"login": "acme", "id": 1, "type": "Organization"},
        "permissions": dict(call.forge.gate.granted),
        "events": list(call.forge.hook.events),
        "suspended_at": None,
    }


def app_hook_config(call: Call) -> Any:
    """Where the App's webhooks go."""
    return {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": call.forge.hook.url}


def own_repositories(call: Call) -> Any:
    """What the owner of a personal token reaches."""
    if call.caller.app is not None:
        raise GitHubError(403, "Resource not accessible by integration")
    return Listed([call.forge.shapes.repository(one) for one in call.forge.world.repositories.values()])


def deployment_statuses(call: Call) -> Any:
    """The states of a deployment, newest first."""
    call.caller.need("deployments")
    found = call.repository.deployments.get(int(call.parts["id"]))
    if found is None:
        raise GitHubError(404, "Not Found")
    return Listed([call.forge.shapes.deployment_status(found, one) for one in reversed(found.statuses)])


def rules_of_branch(call: Call) -> Any:
    """Active rules for a branch; those that are only evaluated are left out."""
    repository, branch = call.repository, call.parts["ref"]
    _need_plan(repository)
    checks = repository.required.get(branch, set())
    if not checks or repository.enforcement != "active":
        return Listed([])
    contexts = [
        {"context": name, **({"integration_id": call.forge.world.app(slug).id} if slug else {})}
        for name, slug in sorted(checks, key=lambda one: one[0])
    ]
    rule = {
        "type": "required_status_checks",
        "ruleset_source_type": "Repository",
        "ruleset_source": repository.full_name,
        "ruleset_id": RULESET_ID,
        "parameters": {"strict_required_status_checks_policy": False, "required_status_checks": contexts},
    }
    return Listed([rule])


def ruleset(call: Call) -> Any:
    """A ruleset; who may pass it by is shown to administrators alone."""
    repository = call.repository
    if int(call.parts["id"]) != RULESET_ID or not any(repository.required.values()):
        raise GitHubError(404, "Not Found")
    shape = {"id": RULESET_ID, "name": "gate", "target": "branch", "enforcement": repository.enforcement}
    sees = call.caller.permissions is None or call.caller.permissions.get("administration")
    return shape | ({"bypass_actors": repository.bypass} if sees else {"current_user_can_bypass": "never"})


def get_branch(call: Call) -> Any:
    """A branch, and how it is protected in the older way."""
    call.caller.need("contents")
    repository, branch = call.repository, call.parts["ref"]
    if branch not in repository.branches:
        raise GitHubError(404, "Branch not found")
    held = repository.protection.get(branch)
    checks = [{"context": name, "app_id": app} for name, app in held.checks] if held else []
    return {
        "name": branch,
        "commit": {"sha": repository.branches[branch]},
        "protected": held is not None or bool(repository.required.get(branch)),
        "protection": {
            "enabled": held is not None,
            "required_status_checks": {
                "enforcement_level": ("everyone" if held.admins else "non_admins") if checks and held else "off",
                "contexts": [one["context"] for one in checks],
                "checks": checks,
            },
        },
    }


def list_hooks(call: Call) -> Any:
    """The hooks of a repository: one."""
    call.caller.need("administration")
    return Listed([_hook(call)])


def update_hook(call: Call) -> Any:
    """Switch a hook on or off."""
    call.caller.need("administration", "write")
    if int(call.parts["hook"]) != HOOK_ID:
        raise GitHubError(404, "Not Found")
    call.forge.hook.active = bool(call.input.get("active", call.forge.hook.active))
    return _hook(call)


def redeliver(call: Call) -> Any:
    """Send a delivery again: accepted, the attempt follows."""
    wanted = int(call.parts["id"])
    if wanted not in {one.id for one in call.forge.hook.kept}:
        raise GitHubError(404, "Not Found")
    call.forge.hook.again(wanted)
    return Created({}, status=202)


def _hook(call: Call) -> dict[str, Any]:
    hook = call.forge.hook
    return {
        "id": HOOK_ID,
        "name": "web",
        "active": hook.active,
        "events": list(hook.events),
        "config": {"content_type": "json", "url": hook.url},
    }


def _need_plan(repository: Repository) -> None:
    if not repository.rules_available:
        raise GitHubError(403, NO_PLAN)
