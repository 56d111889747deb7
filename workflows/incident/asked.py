"""The question behind an answer: what an entry says about the exit criterion that it is about."""

from config.policy.criteria import CriterionId
from config.policy.ids import Phase
from workflows.events import Event, OptionalText


class Asked(Event):
    """What was asked. Of a criterion that the organisation added, its words and phase go along: policies change."""

    criterion: CriterionId
    leaving: Phase | None = None
    question_en: OptionalText = None
    question_de: OptionalText = None
