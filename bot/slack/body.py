"""The body of a request as the object Slack meant, whichever of its three encodings it came in."""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from workflows.errors import BrokenInput

Body: TypeAlias = dict[str, Any]


def read_body(raw: bytes, content_type: str) -> Body:
    """The object of a request. Raises BrokenInput when it is none.

    JSON (events), a form with the field `payload` (interactions), or a plain form (slash commands). Bolt decides by the
    word *payload* occurring anywhere, and so loses a command whose text has that word; hence this function.
    """
    try:
        text = raw.decode()
        found = _json(text) if _is_json(text, content_type) else _form(text)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        message = f"expected a JSON object or a form, found {len(raw)} bytes that are neither"
        raise BrokenInput(message) from error
    if not isinstance(found, dict):
        message = f"expected a JSON object, found {type(found).__name__}"
        raise BrokenInput(message)
    return found


def _is_json(text: str, content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json" or text.startswith("{")


def _json(text: str) -> object:
    return json.loads(text)


def _form(text: str) -> object:
    fields = dict(parse_qsl(text, keep_blank_values=True))
    return json.loads(fields["payload"]) if "payload" in fields else fields


def text_at(body: Mapping[str, Any], *path: str) -> str:
    """The text at a path of keys; empty when it is not there or no text."""
    found: object = body
    for key in path:
        if not isinstance(found, Mapping):
            return ""
        found = found.get(key)
    return found if isinstance(found, str) else ""
