"""Block Kit pieces, each within Slack's limits. Everything dynamic is escaped or plain text."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from bot.chat.measure import length
from bot.chat.reply import Button, Choice, Fact, Option, Paragraph
from bot.chat.signs import unturned
from bot.slack import limits
from config.settings.rules import is_loopback

Block: TypeAlias = dict[str, Any]

EMPTY = "—"
_CHANNEL = re.compile(r"[CG][A-Z0-9]{5,}", re.ASCII)


def plain(text: str, limit: int) -> Block:
    """A text that Slack shows as it is. `emoji` off: a typed `:name:` stays what was typed."""
    return {"type": "plain_text", "text": limits.cut(unturned(text).strip() or EMPTY, limit), "emoji": False}


def mrkdwn(text: str, limit: int = limits.TEXT) -> Block:
    """An escaped text. `verbatim`: Slack does not turn names and addresses in it into mentions and links."""
    return {"type": "mrkdwn", "text": limits.cut_escaped(text.strip() or EMPTY, limit), "verbatim": True}


def section(text: str) -> Block:
    """One paragraph."""
    return {"type": "section", "text": mrkdwn(text)}


def header(text: str) -> Block:
    """A title over what follows."""
    return {"type": "header", "text": plain(text, limits.HEADER)}


def context(text: str) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def actions(buttons: Sequence[Button]) -> list[Block]:
    """Buttons in rows. The number in the action id keeps two buttons for the same verb apart.

    One that would say less than it means is left out.
    """
    buttons = [one for one in buttons if length(one.value) <= limits.BUTTON_VALUE]
    rows = [buttons[start : start + limits.ACTIONS] for start in range(0, len(buttons), limits.ACTIONS)]
    return [{"type": "actions", "elements": [button(one, at) for at, one in enumerate(row)]} for row in rows]


def _is_private(url: str) -> bool:
    """Whether a button may lead there: nothing could be read on the way."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    except ValueError:
        return False


def button(one: Button, at: int) -> Block:
    """One button."""
    element: Block = {
        "type": "button",
        "action_id": f"{one.action}:{at}"[: limits.ACTION_ID],
        "text": plain(one.label, limits.BUTTON),
    }
    if one.value:
        element["value"] = one.value
    if len(one.url) <= limits.URL and _is_private(one.url):
        element["url"] = one.url
    if one.primary:
        element["style"] = "primary"
    return element


def select(choice: Choice | None) -> list[Block]:
    """A list to choose one from; what is chosen arrives like a pressed button."""
    fitting = [one for one in choice.options if 0 < length(one.value) <= limits.OPTION_VALUE] if choice else []
    if choice is None or not fitting:
        return []
    element: Block = {
        "type": "static_select",
        "action_id": f"{choice.action}:select"[: limits.ACTION_ID],
        "placeholder": plain(choice.label, limits.PLACEHOLDER),
        "options": [option(one) for one in fitting[: limits.OPTIONS]],
    }
    return [{"type": "actions", "elements": [element]}]


def option(one: Option) -> Block:
    """One option of a list."""
    return {"text": plain(one.label, limits.OPTION), "value": one.value}


def action_of(action_id: str) -> str:
    """The action of a button's or list's id, without what keeps it apart from others."""
    return action_id.rpartition(":")[0] or action_id


def paragraph(one: Paragraph) -> list[Block]:
    """A paragraph, and its buttons: a single one beside it, several below."""
    told = section(one.text)
    for channel in one.channels:
        told["text"]["text"] = _linked(told["text"]["text"], channel)
    if len(one.buttons) == 1 and length(one.buttons[0].value) <= limits.BUTTON_VALUE:
        return [{**told, "accessory": button(one.buttons[0], 0)}]
    return [told, *actions(one.buttons)]


def _linked(escaped: str, channel: str) -> str:
    """The id of a channel becomes its link. All else is escaped by now and stays so; only an id of a channel is one."""
    if not _CHANNEL.fullmatch(channel):
        return escaped
    return re.sub(rf"(?<![A-Z0-9]){channel}(?![A-Z0-9])", f"<#{channel}>", escaped)


def facts(listed: Sequence[Fact]) -> list[Block]:
    """Labelled values in two columns."""
    rows = [listed[start : start + limits.FIELDS] for start in range(0, len(listed), limits.FIELDS)]
    return [{"type": "section", "fields": [_fact(one) for one in row]} for row in rows]


def _fact(one: Fact) -> Block:
    label = limits.cut_escaped(one.label, limits.OPTION)
    value = limits.cut_escaped(one.value.strip() or EMPTY, limits.FIELD - length(label) - 3)
    return {"type": "mrkdwn", "text": f"*{label}*\n{value}", "verbatim": True}


def within(blocks: list[Block], most: int, note: str) -> list[Block]:
    """At most this many blocks and this much text; a note says that something was left out."""
    kept: list[Block] = []
    budget = limits.MESSAGE_TEXT
    for block in blocks:
        budget -= _weight(block)
        if (len(kept) == most - 1 and len(blocks) > most) or budget < 0:
            return [*kept[: most - 1], context(note)]
        kept.append(block)
    return kept


def _weight(block: Block) -> int:
    texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
    return sum(length(text["text"]) for text in texts if isinstance(text, dict) and isinstance(text.get("text"), str))
