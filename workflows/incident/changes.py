"""Small tools of the fold."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from workflows.errors import Tampered
from workflows.incident.items import Part

Changes = Mapping[str, Any]
"""New values of fields of the case."""

P = TypeVar("P", bound=Part)


def replaced(parts: Sequence[P], *, where: Callable[[P], bool], **changes: Any) -> tuple[P, ...]:
    """The parts with one of them changed. Raises Tampered when none, or more than one, is meant."""
    meant = [part for part in parts if where(part)]
    if len(meant) != 1:
        message = f"fold: expected one part to change, found {len(meant)}"
        raise Tampered(message)
    return tuple(part.model_copy(update=changes) if part is meant[0] else part for part in parts)


def numbered(no: int) -> Callable[[Any], bool]:
    """Whether a part has this number."""
    return lambda part: bool(part.no == no)


def given(value: Any, otherwise: Any) -> Any:
    """The value, unless nothing was said."""
    return otherwise if value is None else value
