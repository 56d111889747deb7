"""Takes a button out of a message when it can do nothing any more."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.chat.spent import ANSWERS
from bot.slack.blocks import Block, action_of, section
from bot.slack.body import text_at

_SPENT: Final = tuple(f"incident.{verb}" for verb in ANSWERS)


def without_spent(message: Mapping[str, Any], instead: str) -> dict[str, Any]:
    """The message as it stands, without these buttons, and in the place of the first what holds now."""
    found = message.get("blocks")
    blocks = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return {"text": text_at(message, "text") or instead, "blocks": list(_left(blocks, section(instead)))}


def _left(blocks: list[Block], instead: Block) -> Iterator[Block]:
    told = False
    for block in blocks:
        elements = block.get("elements") if block.get("type") == "actions" else None
        if not isinstance(elements, list):
            yield block
            continue
        left = [one for one in elements if action_of(text_at(one, "action_id")) not in _SPENT]
        if len(left) < len(elements) and not told:
            told = True
            yield instead
        if left:
            yield {**block, "elements": left}
