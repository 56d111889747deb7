"""Pull and merge requests by name."""

from bot.chat.texts import common
from workflows.change.event_roots import RequestEvent
from workflows.change.state import LinkedRequest
from workflows.events import plain


def name(request: LinkedRequest | RequestEvent) -> str:
    """`owner/name#7`."""
    return f"{common.one_line(plain(request.repository), 100)}#{request.number}"
