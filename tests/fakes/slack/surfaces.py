"""Web API: views.*, users.*, auth.*, files.*."""

import json
from typing import Any, Final

from tests.fakes.slack import blocks as rules
from tests.fakes.slack.chat import Arguments
from tests.fakes.slack.world import APP, BOT, BOT_USER, TEAM, SlackError, User, View, Workspace

_STACK_LIMIT: Final = 3


def _checked(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    view = arguments.get("view")
    world.sent.append(view)
    if found := rules.view_findings(view):
        raise SlackError("invalid_arguments", *found)
    if not isinstance(view, dict) or len(json.dumps(view)) > rules.VIEW_BYTES:
        raise SlackError("view_too_large")
    return {**view, "blocks": rules.named(view["blocks"])}


def put_view(world: Workspace, user: str, content: dict[str, Any], parent: View | None = None) -> View:
    """A new modal on top of `parent`, or alone."""
    key = world.new_id("V")
    view = View(key, user, content, world.new_hash(), parent.root if parent else key, parent.id if parent else None)
    world.views[key] = view
    return view


def open_view(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """views.open: uses up the trigger."""
    trigger = world.exchange(arguments.get("trigger_id") or "")
    content = _checked(world, arguments)
    if content["type"] != "modal":
        raise SlackError("invalid_arguments", "[ERROR] only modal views can be opened")
    external = content.get("external_id")
    if external and any(one.view.get("external_id") == external for one in world.views.values()):
        raise SlackError("duplicate_external_id")
    return {"view": put_view(world, trigger.user, content).shape()}


def push_view(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """views.push: at most three on top of each other."""
    trigger = world.exchange(arguments.get("trigger_id") or "")
    content = _checked(world, arguments)
    parent = latest_view(world, trigger.user)
    if parent is None:
        raise SlackError("not_found")
    if sum(one.root == parent.root and not one.closed for one in world.views.values()) >= _STACK_LIMIT:
        raise SlackError("push_limit_reached")
    return {"view": put_view(world, trigger.user, content, parent).shape()}


def update_view(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """views.update by id or external id, guarded by the hash where one is given."""
    key, external = arguments.get("view_id"), arguments.get("external_id")
    found = world.views.get(key or "")
    if found is None and external:
        found = next((one for one in world.views.values() if one.view.get("external_id") == external), None)
    if found is None or found.closed:
        raise SlackError("not_found")
    if arguments.get("hash") and arguments["hash"] != found.hash:
        raise SlackError("hash_conflict")
    found.view = _checked(world, arguments)
    found.hash = world.new_hash()
    return {"view": found.shape()}


def publish_view(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """views.publish: the home tab of one user."""
    if not world.has_home:
        raise SlackError("not_enabled")
    user = world.user(arguments.get("user_id") or "")
    content = _checked(world, arguments)
    if content["type"] != "home":
        raise SlackError("invalid_arguments", "[ERROR] only home views can be published")
    known = world.homes.get(user.id)
    if known and arguments.get("hash") and arguments["hash"] != known.hash:
        raise SlackError("hash_conflict")
    key = known.id if known else world.new_id("V")
    world.homes[user.id] = View(key, user.id, content, world.new_hash(), key)
    return {"view": world.homes[user.id].shape()}


def latest_view(world: Workspace, user: str) -> View | None:
    """The modal that this user sees now."""
    mine = [one for one in world.views.values() if one.user == user and not one.closed]
    return mine[-1] if mine else None


def member(user: User, *, locale: bool) -> dict[str, Any]:
    """A member as the Web API and events give it."""
    shape: dict[str, Any] = {
        "id": user.id,
        "team_id": TEAM,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "is_bot": user.is_bot,
        "is_restricted": False,
        "profile": {"real_name": user.real_name, "display_name": user.name, "email": user.email, "team": TEAM},
    }
    return shape | ({"locale": user.locale} if locale else {})


def user_info(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """users.info: the locale only when asked for."""
    locale = str(arguments.get("include_locale", "")).lower() in ("true", "1")
    return {"user": member(world.user(arguments.get("user") or ""), locale=locale)}


def user_list(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """users.list with a cursor."""
    locale = str(arguments.get("include_locale", "")).lower() in ("true", "1")
    start = int(arguments.get("cursor") or 0)
    end = start + int(arguments.get("limit") or 1000)
    everybody = list(world.users.values())
    cursor = {"next_cursor": str(end) if end < len(everybody) else ""}
    return {"members": [member(one, locale=locale) for one in everybody[start:end]], "response_metadata": cursor}


def user_by_email(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """users.lookupByEmail."""
    for user in world.users.values():
        if user.email and user.email == arguments.get("email"):
            return {"user": member(user, locale=False)}
    raise SlackError("users_not_found")


def auth_test(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """auth.test."""
    del world, arguments
    return {
        "url": "https://wachbuch.slack.example/",
        "team": "Wachbuch",
        "user": "wachbuch",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "is_enterprise_install": False,
    }


def file_info(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """files.info."""
    stored = world.files.get(arguments.get("file") or "")
    if stored is None:
        raise SlackError("file_not_found")
    return {"file": stored.shape(str(arguments["base"]))}


METHODS: Final = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
    "users.info": user_info,
    "users.list": user_list,
    "users.lookupByEmail": user_by_email,
    "auth.test": auth_test,
    "files.info": file_info,
}
"""Method name to the function that does it."""
