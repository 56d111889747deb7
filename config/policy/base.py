"""What all policy models share: frozen, strict about unknown keys, deterministic when written out."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    StrictInt,
    StringConstraints,
    WrapSerializer,
)
from pydantic.fields import Field

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

ID_PATTERN: Final = r"^[a-z][a-z0-9_.-]{0,47}$"


class PolicyModel(BaseModel):
    """A part of the policy. Unknown keys are errors; instances never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)


def _dump_map(value: Mapping[Any, Any], handler: SerializerFunctionWrapHandler) -> object:
    return handler(dict(value))


def _dump_set(value: Iterable[Any], handler: SerializerFunctionWrapHandler) -> object:
    dumped = handler(value)
    return sorted(dumped)


FrozenMap = Annotated[Mapping[K, V], AfterValidator(MappingProxyType), WrapSerializer(_dump_map)]
"""A mapping that nobody can alter."""

FrozenSet = Annotated[frozenset[T], WrapSerializer(_dump_set, when_used="json")]
"""A set written out in order, so that the same policy always has the same hash."""

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""Stable id: lower case, at most 48 characters. Stands in ledgers, so it never changes its meaning."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text for people."""

Count = Annotated[StrictInt, Field(ge=0, le=100_000_000)]
Positive = Annotated[StrictInt, Field(ge=1, le=100_000_000)]


class Titled(PolicyModel):
    """Something people choose from a list, with its title in both languages."""

    id: Id
    title_en: Line
    title_de: Line

    def title(self, language: str) -> str:
        """The title in this language; English for every language but German."""
        return self.title_de if language.startswith("de") else self.title_en
