"""A reply as a message that is posted, with the people it calls."""

from typing import Any

from bot.chat.reply import Reply
from bot.slack.people import People
from bot.slack.render import Renderer
from config.i18n import Translator


def message(t: Translator, people: People, reply: Reply, mention: str = "") -> dict[str, Any]:
    """The message. `mention` stands under what is told; the receipt stays last."""
    rendered = dict(Renderer(t, people.slack_id).message(reply))
    if mention:
        told, tail = rendered["blocks"], len(rendered["blocks"]) - (1 if reply.receipts else 0)
        rendered["blocks"] = [*told[:tail], _mention_block(mention), *told[tail:]]
    return rendered


def _mention_block(mention: str) -> dict[str, Any]:
    """The only place where a mention is written on purpose."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mention}}
