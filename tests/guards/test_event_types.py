"""What stands in a skeleton is hashed and kept for ever: only types that cannot hold free text or a name."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

import workflows
from config.policy.criteria import OwnCriterionId
from workflows import record
from workflows.actors import Pseudonym
from workflows.events import Event, is_disclosed

PLAIN = {bool, int, datetime, date, UUID, NoneType, Pseudonym}
CONSTRAINED = [OwnCriterionId, *(value for value in vars(record).values() if get_origin(value) is Annotated)]


def all_events() -> Iterator[type[Event]]:
    for module in pkgutil.walk_packages(workflows.__path__, "workflows."):
        if ".store" not in module.name:
            importlib.import_module(module.name)
    waiting = [Event]
    while waiting:
        for event in waiting.pop().__subclasses__():
            if event.__module__.startswith("workflows."):
                yield event
            waiting.append(event)


def is_allowed(hint: Any) -> bool:
    if hint in PLAIN or hint in CONSTRAINED:
        return True
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return True
    if origin in {Union, UnionType}:
        return all(is_allowed(part) for part in parts)
    if origin is tuple:
        return all(part is Ellipsis or is_allowed(part) for part in parts)
    return isinstance(hint, type) and issubclass(hint, StrEnum)


@pytest.mark.parametrize("event", sorted(set(all_events()), key=str))
def test_every_plain_field_of_an_event_has_a_type_that_holds_no_text(event: type[Event]) -> None:
    hints = get_type_hints(event, include_extras=True)
    refused = {
        name: hints[name]
        for name in event.model_fields
        if not is_disclosed(event, name) and not is_allowed(hints[name])
    }
    assert refused == {}


TOO_WIDE = [str, float, dict[str, int], tuple[str, ...], str | None, Annotated[str, "any"], object]


@pytest.mark.parametrize("hint", TOO_WIDE)
def test_types_that_could_hold_text_are_refused(hint: Any) -> None:
    assert not is_allowed(hint)
