"""Slack's rules for blocks and views, as its reference gives them. Each finding reads like Slack's own message.

Slack does not say what a character is; here it is what JavaScript counts, the strictest of the readings. Beside them a
rule of our own: what people typed must not call anybody (`smuggled`).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests.fakes.slack.models import block_findings, view_model_findings

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
VIEW_BYTES: Final = 250_000
_BLOCK_TYPES: Final = {
    "section",
    "divider",
    "header",
    "actions",
    "context",
    "input",
    "image",
    "rich_text",
    "file",
    "video",
    "markdown",
}
_ONLY_MODAL: Final = ("title", "submit", "close", "clear_on_close", "notify_on_close")
_ONLY_IN_VIEWS: Final = {"input"}
_SELECTS: Final = ("static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow")
_OPTION_LIMITS: Final = {
    "static_select": 100,
    "multi_static_select": 100,
    "radio_buttons": 10,
    "checkboxes": 10,
    "overflow": 5,
}
_RICH_OPTIONS: Final = {"radio_buttons", "checkboxes"}
"""Their options may be mrkdwn; those of every list are plain."""
_ELEMENTS: Final = {
    *_SELECTS,
    "button",
    "image",
    "external_select",
    "multi_external_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "multi_conversations_select",
    "channels_select",
    "multi_channels_select",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "plain_text_input",
    "number_input",
    "url_text_input",
    "email_text_input",
    "file_input",
    "rich_text_input",
    "mrkdwn",
    "plain_text",
}
_NOT_IN_INPUT: Final = {"button", "overflow", "image", "mrkdwn", "plain_text"}
_NOT_IN_ACTIONS: Final = {
    "plain_text_input",
    "file_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "mrkdwn",
    "plain_text",
}

Found = Iterator[str]
TEXT_LIMIT: Final = 40_000
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MENTIONS: Final = re.compile(r"[^<>]*(?:<[@#][UWCG][A-Z0-9]+>[ ,]*)+")
"""Sentence and mentions, as we write them on purpose."""


def length(text: str) -> int:
    """How long a text is."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _finding(what: str, pointer: str) -> str:
    return f"[ERROR] {what} [json-pointer:{pointer}]"


def _text(value: Any, pointer: str, limit: int, *, plain: bool = False) -> Found:
    if not isinstance(value, dict) or value.get("type") not in ("plain_text", "mrkdwn"):
        yield _finding("must be a valid text object", pointer)
        return
    if plain and value["type"] != "plain_text":
        yield _finding("unsupported type: must be plain_text", f"{pointer}/type")
    if value["type"] == "mrkdwn" and "emoji" in value:
        yield _finding("invalid additional property: emoji", pointer)
    content = value.get("text")
    if not isinstance(content, str) or not content:
        yield _finding("must be more than 0 characters", f"{pointer}/text")
    elif length(content) > limit:
        yield _finding(f"must be less than {limit + 1} characters", f"{pointer}/text")


def _length(element: dict[str, Any], name: str, pointer: str, limit: int) -> Found:
    value = element.get(name)
    if value is not None and (not isinstance(value, str) or length(value) > limit):
        yield _finding(f"must be less than {limit + 1} characters", f"{pointer}/{name}")


def _option(option: Any, pointer: str, *, plain: bool) -> Found:
    if not isinstance(option, dict):
        yield _finding("must be an option object", pointer)
        return
    yield from _text(option.get("text"), f"{pointer}/text", 75, plain=plain)
    if "description" in option:
        yield from _text(option["description"], f"{pointer}/description", 75)
    value = option.get("value")
    if not isinstance(value, str) or not 0 < length(value) <= 150:
        yield _finding("must be between 1 and 150 characters", f"{pointer}/value")


def _options(element: dict[str, Any], pointer: str) -> Found:
    options = element.get("options")
    groups = element.get("option_groups")
    if groups:
        if len(groups) > 100:
            yield _finding("no more than 100 items allowed", f"{pointer}/option_groups")
        for number, group in enumerate(groups):
            yield from _text(group.get("label"), f"{pointer}/option_groups/{number}/label", 75, plain=True)
        options = [option for group in groups for option in group.get("options", ())]
    limit = _OPTION_LIMITS[element["type"]]
    if not options or len(options) > limit:
        yield _finding(f"must have between 1 and {limit} items", f"{pointer}/options")
        return
    for number, option in enumerate(options):
        yield from _option(option, f"{pointer}/options/{number}", plain=element["type"] not in _RICH_OPTIONS)
    values = [option.get("value") for option in options if isinstance(option, dict)]
    if len(set(values)) != len(values):
        yield _finding("option values must be unique", f"{pointer}/options")
    for name in ("initial_option", "initial_options"):
        chosen = element.get(name)
        for one in [chosen] if isinstance(chosen, dict) else chosen or ():
            if one not in options:
                yield _finding("must be one of the options", f"{pointer}/{name}")


def _button(element: dict[str, Any], pointer: str) -> Found:
    yield from _text(element.get("text"), f"{pointer}/text", 75, plain=True)
    yield from _length(element, "value", pointer, 2000)
    yield from _length(element, "url", pointer, 3000)
    if "url" in element and not str(element["url"]).startswith(("http://", "https://")):
        yield _finding("must be a valid URL", f"{pointer}/url")
    if element.get("style") not in (None, "primary", "danger"):
        yield _finding("must be primary or danger", f"{pointer}/style")


def _confirm(confirm: Any, pointer: str) -> Found:
    for name, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if name in confirm or name in ("title", "text"):
            yield from _text(confirm.get(name), f"{pointer}/{name}", limit)


def _typed(element: dict[str, Any], pointer: str) -> Found:
    kind = element["type"]
    if kind == "plain_text_input" and int(element.get("max_length") or 1) > 3000:
        yield _finding("must be less than 3001", f"{pointer}/max_length")
    if kind == "plain_text_input" and length(element.get("initial_value") or "") > int(
        element.get("max_length") or 3000
    ):
        yield _finding("must be at most max_length characters", f"{pointer}/initial_value")
    if kind == "datepicker" and not _DAY.fullmatch(element.get("initial_date", "2026-01-01")):
        yield _finding("must be a date such as 2026-01-31", f"{pointer}/initial_date")
    if kind == "datetimepicker" and len(str(element.get("initial_date_time", 10**9))) != 10:
        yield _finding("must be a UNIX time of ten digits", f"{pointer}/initial_date_time")


def _element(element: Any, pointer: str) -> Found:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in _ELEMENTS:
        yield _finding(f"unsupported type: {kind}", f"{pointer}/type")
        return
    if kind in ("mrkdwn", "plain_text"):
        yield from _text(element, pointer, 2000)
        return
    yield from _length(element, "action_id", pointer, 255)
    if kind == "button":
        yield from _button(element, pointer)
    if kind in _SELECTS:
        yield from _options(element, pointer)
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{pointer}/placeholder", 150, plain=True)
    yield from _typed(element, pointer)
    if kind == "number_input" and "is_decimal_allowed" not in element:
        yield _finding("missing required field: is_decimal_allowed", pointer)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{pointer}/confirm")


def _section(block: dict[str, Any], pointer: str) -> Found:
    if "text" not in block and "fields" not in block:
        yield _finding("missing required field: text or fields", pointer)
    if "text" in block:
        yield from _text(block["text"], f"{pointer}/text", 3000)
    fields = block.get("fields", ())
    if len(fields) > 10:
        yield _finding("no more than 10 items allowed", f"{pointer}/fields")
    for number, one in enumerate(fields):
        yield from _text(one, f"{pointer}/fields/{number}", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{pointer}/accessory")


def _elements(block: dict[str, Any], pointer: str, limit: int, refused: set[str]) -> Found:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= limit:
        yield _finding(f"must have between 1 and {limit} items", f"{pointer}/elements")
        return
    for number, element in enumerate(elements):
        where = f"{pointer}/elements/{number}"
        if isinstance(element, dict) and element.get("type") in refused:
            yield _finding(f"unsupported type: {element['type']}", f"{where}/type")
        yield from _element(element, where)
    ids = [element["action_id"] for element in elements if isinstance(element, dict) and "action_id" in element]
    if len(set(ids)) != len(ids):
        yield _finding("action_id must be unique within the block", f"{pointer}/elements")


def _input(block: dict[str, Any], pointer: str) -> Found:
    yield from _text(block.get("label"), f"{pointer}/label", 2000, plain=True)
    if "hint" in block:
        yield from _text(block["hint"], f"{pointer}/hint", 2000, plain=True)
    element = block.get("element")
    if isinstance(element, dict) and element.get("type") in _NOT_IN_INPUT:
        yield _finding(f"unsupported type: {element['type']}", f"{pointer}/element/type")
    yield from _element(element, f"{pointer}/element")


def _block(block: Any, pointer: str, *, view: bool) -> Found:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in _BLOCK_TYPES or (kind in _ONLY_IN_VIEWS and not view):
        yield _finding(f"unsupported type: {kind}", f"{pointer}/type")
        return
    yield from _length(block, "block_id", pointer, 255)
    if kind == "section":
        yield from _section(block, pointer)
    elif kind == "header":
        yield from _text(block.get("text"), f"{pointer}/text", 150, plain=True)
    elif kind == "actions":
        yield from _elements(block, pointer, 25, _NOT_IN_ACTIONS)
    elif kind == "context":
        yield from _elements(block, pointer, 10, _ELEMENTS - {"mrkdwn", "plain_text", "image"})
    elif kind == "input":
        yield from _input(block, pointer)


def findings(blocks: Any, pointer: str = "/blocks", *, view: bool = False) -> list[str]:
    """Everything Slack would complain about in these blocks."""
    if not isinstance(blocks, list):
        return [_finding("must be an array", pointer)]
    found = []
    limit = VIEW_BLOCKS if view else MESSAGE_BLOCKS
    if len(blocks) > limit:
        found.append(_finding(f"no more than {limit} items allowed", pointer))
    for number, block in enumerate(blocks):
        found.extend(_block(block, f"{pointer}/{number}", view=view))
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and block.get("block_id")]
    found.extend(_finding(f"`block_id` values must be unique: {one}", pointer) for one in _repeated(ids))
    # Without findings of our own: the SDK's models speak of things that Slack says more exactly.
    return found or list(block_findings(blocks, pointer))


def _repeated(values: Sequence[str]) -> list[str]:
    return sorted({one for one in values if values.count(one) > 1})


def view_findings(view: Any) -> list[str]:
    """Everything Slack would complain about in a modal or home view."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return [_finding("must be modal or home", "/view/type")]
    found: list[str] = []
    modal = view["type"] == "modal"
    if modal:
        found.extend(_text(view.get("title"), "/view/title", 24, plain=True))
        for name in ("submit", "close"):
            if name in view:
                found.extend(_text(view[name], f"/view/{name}", 24, plain=True))
    else:
        found.extend(_finding(f"invalid additional property: {name}", "/view") for name in _ONLY_MODAL if name in view)
    found.extend(findings(view.get("blocks"), "/view/blocks", view=True))
    found.extend(_length(view, "private_metadata", "/view", 3000))
    found.extend(_length(view, "callback_id", "/view", 255))
    found.extend(_length(view, "external_id", "/view", 255))
    inputs = any(isinstance(block, dict) and block.get("type") == "input" for block in view.get("blocks") or ())
    if modal and inputs and "submit" not in view:
        found.append(_finding("submit is required when an input block is within blocks", "/view/submit"))
    return found or list(view_model_findings(view))


def answer_findings(body: Any) -> list[str]:
    """Everything Slack would complain about in an answer to a command or at a response URL."""
    if not isinstance(body, dict):
        return [_finding("must be an object", "/")]
    found = findings(body.get("blocks") or [])
    if length(body.get("text") or "") > TEXT_LIMIT:
        found.append(_finding(f"must be less than {TEXT_LIMIT + 1} characters", "/text"))
    if body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        found.append(_finding("must be ephemeral or in_channel", "/response_type"))
    return found


def smuggled(payload: Any, channels: Sequence[str] = ()) -> list[str]:
    """Texts in a message or view that call somebody or hold a link, other than the mentions that stand alone.

    `channels`: those of the policy, whose links call nobody and lead nowhere else.
    """
    found: list[str] = []
    if isinstance(payload, list):
        return [one for part in payload for one in smuggled(part, channels)]
    if not isinstance(payload, dict):
        return found
    text = payload.get("text")
    for channel in channels:
        text = text.replace(f"<#{channel}>", channel) if isinstance(text, str) else text
    shown_raw = payload.get("type") == "mrkdwn" or ("blocks" in payload and isinstance(text, str))
    if shown_raw and isinstance(text, str) and "<" in text and not _is_mention(payload, text):
        found.append(text)
    parts = [part for part in payload.values() if isinstance(part, dict | list)]
    return [*found, *(one for part in parts for one in smuggled(part, channels))]


def _is_mention(payload: dict[str, Any], text: str) -> bool:
    return not payload.get("verbatim") and _MENTIONS.fullmatch(text) is not None


def elements(blocks: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every interactive element with the block it stands in."""
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("accessory"), block.get("element")):
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def named(blocks: Any) -> list[dict[str, Any]]:
    """A copy of the blocks in which every block and element has an id, as Slack gives them back."""
    copied = []
    for number, block in enumerate(blocks or ()):
        fresh = {**block, "block_id": block.get("block_id") or f"gen{number}"}
        if isinstance(fresh.get("elements"), list) and fresh["type"] == "actions":
            fresh["elements"] = [
                {**element, "action_id": element.get("action_id") or f"gen{number}.{place}"}
                for place, element in enumerate(fresh["elements"])
            ]
        for single in ("accessory", "element"):
            if isinstance(fresh.get(single), dict):
                fresh[single] = {
                    **fresh[single],
                    "action_id": fresh[single].get("action_id") or f"gen{number}.{single}",
                }
        copied.append(fresh)
    return copied
