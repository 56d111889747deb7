"""What tells the sending of a window from every other: sent once more for want of an answer, it is the same."""

import json
from collections.abc import Mapping

from bot.slack.body import Body, text_at


def sending(body: Body, values: Mapping[str, str]) -> str:
    """Who sends which answers in which state of which window; the trigger id where Slack names no window.

    Slack gives each sending a trigger of its own, also where somebody sends the same window again because no answer
    came. A window that was answered has another hash from then on, and other answers are another request.
    """
    view, state = text_at(body, "view", "id"), text_at(body, "view", "hash")
    if not (view and state):
        return text_at(body, "trigger_id")
    return json.dumps([text_at(body, "user", "id"), view, state, sorted(values.items())])
