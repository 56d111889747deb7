"""REST v4 routes of webhooks. Only maintainers see those of a project, only owners those of a group (Premium)."""

from typing import Any

from tests.fakes.gitlab.calls import Call
from tests.fakes.gitlab.hooks import EVENTS, RESENDS_A_MINUTE, Delivery, Hook
from tests.fakes.gitlab.world import Access, GitLabError
from tests.fakes.routing import Created, Listed

_CATEGORIES = {"successful": range(200, 300), "client_failure": range(400, 500), "server_failure": range(500, 600)}


def _hooks(call: Call) -> list[Hook]:
    if "group" in call.parts:
        group = call.group(Access.OWNER)
        return [one for one in call.forge.hooks.hooks.values() if one.group == group]
    project = call.project(Access.MAINTAINER)
    return [one for one in call.forge.hooks.hooks.values() if one.project == project.id]


def _hook(call: Call) -> Hook:
    for one in _hooks(call):
        if one.id == int(call.parts["hook"]):
            return one
    raise GitLabError(404, "404 Not found")


def list_hooks(call: Call) -> Any:
    """Hooks of a project or group."""
    now = call.forge.world.now()
    return Listed([one.shape(now) for one in _hooks(call)])


def get_hook(call: Call) -> Any:
    """A hook."""
    return _hook(call).shape(call.forge.world.now())


def create_hook(call: Call) -> Any:
    """A new hook of a project."""
    project = call.project(Access.MAINTAINER)
    call.wanted("url")
    hook = call.forge.hooks.add(project=project.id, url=call.input["url"], events={"push_events"})
    _fill(call, hook)
    return Created(hook.shape(call.forge.world.now()))


def update_hook(call: Call) -> Any:
    """A hook is changed."""
    hook = _hook(call)
    _fill(call, hook)
    return hook.shape(call.forge.world.now())


def _fill(call: Call, hook: Hook) -> None:
    given = call.input
    hook.url = given.get("url", hook.url)
    hook.token = given.get("token", hook.token)
    hook.signing_token = given.get("signing_token", hook.signing_token)
    for name in set(EVENTS.values()) & set(given):
        (hook.events.add if given[name] in (True, "true") else hook.events.discard)(name)


def delete_hook(call: Call) -> Any:
    """A hook is removed."""
    del call.forge.hooks.hooks[_hook(call).id]


def list_hook_events(call: Call) -> Any:
    """Attempts of the last week, newest first."""
    hook, status = _hook(call), call.request.query.get("status")
    return Listed([one.shape() for one in call.forge.hooks.events_of(hook) if _fits(one, status)])


def _fits(delivery: Delivery, status: str | None) -> bool:
    code = delivery.response_status
    if status in _CATEGORIES:
        return code.isdigit() and int(code) in _CATEGORIES[status]
    return status in (None, code)


def resend(call: Call) -> Any:
    """Send an event again; an answer that is fine switches the hook on again. Five a minute of each hook."""
    hook = _hook(call)
    if call.forge.hooks.resent_lately(hook) >= RESENDS_A_MINUTE:
        raise GitLabError(429, "This endpoint has been requested too many times. Try again later.")
    for one in call.forge.hooks.events_of(hook):
        if one.id == int(call.parts["event"]):
            again = call.forge.hooks.again(one.id)
            return Created({"response_status": int(again.response_status) if again.response_status.isdigit() else 0})
    raise GitLabError(404, "404 Not found")


def test_hook(call: Call) -> Any:
    """A test event: the way to switch a hook on again."""
    hook = _hook(call)
    trigger = call.parts["trigger"]
    for one in call.forge.hooks.events_of(hook):
        if EVENTS[one.trigger] == trigger:
            again = call.forge.hooks.again(one.id)
            if again.response_status.startswith("2") or again.response_status == "recorded":
                return Created({"message": "201 Created"})
            raise GitLabError(422, "422 Unprocessable Entity")
    raise GitLabError(422, "Ensure the project has at least one event of that kind.")
