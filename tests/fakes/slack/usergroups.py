"""Web API: usergroups.*, of a workspace whose plan has them."""

from typing import Any, Final

from tests.fakes.slack.chat import Arguments
from tests.fakes.slack.world import SlackError, Workspace

_TRUE: Final = ("true", "1")


def users_list(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """usergroups.users.list: members of one group; of a disabled one only when asked for."""
    if world.no_groups:
        raise SlackError(world.no_groups)
    key = str(arguments.get("usergroup") or "")
    if not key:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: usergroup")
    group = world.groups.get(key)
    if group is None or (group.disabled and str(arguments.get("include_disabled", "")).lower() not in _TRUE):
        raise SlackError("no_such_subteam")
    return {"users": [one for one in group.users if not world.user(one).deleted]}


METHODS: Final = {"usergroups.users.list": users_list}
"""Method name to the function that does it."""
