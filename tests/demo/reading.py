"""Slack's blocks as lines, as a person sees them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.demo.people import NAMES
from tests.demo.telling import Unexpected
from tests.fakes.client import Answer

Block = Mapping[str, Any]
_MENTION = re.compile(r"<@(U\w+)>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def said(answer: Answer) -> tuple[str, tuple[str, ...]]:
    """Text and buttons of an answer to a command, a button or a form. Empty: a form was opened."""
    if answer.status != 200:
        raise Unexpected(f"{answer.status} {answer.text}")
    body = answer.json() or {}
    if errors := body.get("errors"):
        raise Unexpected("\n".join(f"{field}: {text}" for field, text in errors.items()))
    return shown(body.get("view", body).get("blocks", ()))


def shown(blocks: Sequence[Block]) -> tuple[str, tuple[str, ...]]:
    """The texts of blocks as one text, and the labels of their buttons. Questions are left out."""
    return "\n".join(_texts(blocks)), tuple(_buttons(blocks))


def questions(view: Mapping[str, Any]) -> list[str]:
    """The labels of a form's questions."""
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "section" and "text" in block:
            yield _plain(block["text"]["text"])
        elif block["type"] == "section":
            yield from (_plain(one["text"]).replace("*\n", ": ").removeprefix("*") for one in block["fields"])
        elif block["type"] == "context":
            yield _plain(block["elements"][0]["text"])


def _buttons(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "actions":
            yield from (one["text"]["text"] for one in block["elements"])
        elif block["type"] == "section" and "accessory" in block:
            yield block["accessory"]["text"]["text"]


def _plain(text: str) -> str:
    text = _MENTION.sub(lambda found: f"@{NAMES.get(found[1], found[1])}", text)
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return text
