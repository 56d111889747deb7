"""When somebody is away, and who stands in meanwhile (A.5.2)."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, model_validator
from pydantic.fields import Field
from pydantic_core import PydanticCustomError

from config.policy.base import Id, PolicyModel


class Absence(PolicyModel):
    """From the first to the last day, both included, in local time. The deputy is called meanwhile."""

    model_config = ConfigDict(serialize_by_alias=True)

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    deputy: Id

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("ends_before", "ends before it begins", {"found": self.last.isoformat()})
        return self

    def covers(self, day: date) -> bool:
        """Whether the person is away on this day."""
        return self.first <= day <= self.last


def _apart(absences: tuple[Absence, ...]) -> tuple[Absence, ...]:
    """Of two at once nobody could say whose deputy counts."""
    ordered = sorted(absences, key=lambda one: one.first)
    for before, after in pairwise(ordered):
        if after.first <= before.last:
            raise PydanticCustomError("away_twice", "away twice at once", {"found": after.first.isoformat()})
    return absences


Absences = Annotated[tuple[Absence, ...], AfterValidator(_apart)]
