"""Who is called when a report comes in, one after the other, until somebody looks after it (A.5.24, A.5.26)."""

from typing import Annotated

from pydantic import AfterValidator, StrictInt
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

    `rounds`: how often it is gone through. `repeat_minutes`: so long after its last step the next round begins; after
    the last round ISB and deputy are told that nobody looks after the report, and again every `remind_minutes`.
    `escalate_minutes`: so long after an update, containment or review was due the ISB hears of it. `handover_minutes`:
    so long after the lead was offered to somebody, both are asked again; so long after a service owner was asked for
    their agreement, they are asked again, and the lead hears of it.
    """

    escalate_minutes: Positive
    handover_minutes: Positive
    rounds: Annotated[StrictInt, Field(ge=1, le=20)]
    repeat_minutes: Positive
    remind_minutes: Positive
    steps: Annotated[tuple[PageStep, ...], Field(min_length=1), AfterValidator(_upwards)]

    @property
    def end(self) -> int:
        """The number of the step that is none any more: all rounds are over. Steps count on from round to round."""
        return self.rounds * len(self.steps)

    @property
    def round_minutes(self) -> int:
        """From the beginning of one round to that of the next."""
        return self.steps[-1].after_minutes + self.repeat_minutes
