"""What Slack's own SDK says of blocks and views: its models, turned back into what would be sent."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models import JsonObject
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View


def block_findings(blocks: Any, pointer: str) -> Iterator[str]:
    """What the models refuse or do not know of a list of blocks."""
    for number, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if isinstance(block, Mapping):
            for said in _of_block(json.dumps(block)):
                yield f"{said} [json-pointer:{pointer}/{number}]"


@lru_cache(maxsize=4096)
def _of_block(text: str) -> tuple[str, ...]:
    """Most blocks come again and again: the rows of a form, a home tab, a summary."""
    block = json.loads(text)
    return tuple(_found(partial(Block.parse, dict(block)), block))


def view_model_findings(view: Any) -> Iterator[str]:
    """The same of a view as a whole."""
    if isinstance(view, Mapping):
        for said in _found(partial(View, **view), view):
            yield f"{said} [json-pointer:/view]"


def _found(read: Callable[[], JsonObject | None], given: Mapping[str, Any]) -> Iterator[str]:
    try:
        model = read()
        told = model.to_dict() if model is not None else {}
    except (SlackObjectFormationError, TypeError, AttributeError, ValueError) as error:
        yield f"[ERROR] {error}"
        return
    if told != given:
        lost = sorted(set(_flat(given)) ^ set(_flat(told)))
        yield f"[ERROR] the model of the SDK has it otherwise: {lost[:5]}"


def _flat(value: Any, at: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{at}/{number}")
    else:
        yield f"{at}={value!r}"
