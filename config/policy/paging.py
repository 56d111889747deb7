"""Who is called when a report comes in, one after the other, until somebody looks after it (A.5.24, A.5.26)."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic.fields import Field
from pydantic_core import PydanticCustomError

from config.policy.base import Count, PolicyModel, Positive
from config.policy.ids import Called


class PageStep(PolicyModel):
    """So many minutes after the report these people are called, if nobody looks after it by then."""

    after_minutes: Count
    who: Annotated[tuple[Called, ...], Field(min_length=1)]


def _upwards(steps: tuple[PageStep, ...]) -> tuple[PageStep, ...]:
    minutes = [step.after_minutes for step in steps]
    if minutes != sorted(set(minutes)):
        raise PydanticCustomError("not_upwards", "each step comes later", {"found": ", ".join(map(str, minutes))})
    return steps


class PagingPolicy(PolicyModel):
    """The ladder. It ends when somebody looks after the report, or the case is assessed or over.

    `escalate_minutes`: so long after an update, containment or review was due the ISB hears of it. `handover_minutes`:
    so long after the lead was offered to somebody, both are asked again; so long after a service owner was asked for
    their agreement, they are asked again, and the lead hears of it.
    """

    escalate_minutes: Positive
    handover_minutes: Positive
    steps: Annotated[tuple[PageStep, ...], Field(min_length=1), AfterValidator(_upwards)]
