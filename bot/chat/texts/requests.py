"""Pull and merge requests by name."""

from bot.chat.texts import common
from workflows.change.event_roots import RequestEvent
from workflows.change.seen import Forge
from workflows.change.state import LinkedRequest
from workflows.events import plain


def name(request: LinkedRequest | RequestEvent) -> str:
    """`owner/name#7`, on GitLab `group/project!7`."""
    sign = "!" if request.forge is Forge.GITLAB else "#"
    return f"{common.one_line(plain(request.repository), 100)}{sign}{request.number}"
