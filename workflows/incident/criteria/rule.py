"""What a criterion is: a check over the situation, and who can supply what it misses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from config.policy.criteria import CriterionId
from config.policy.ids import CaseRole, Role
from workflows.events import Erased
from workflows.incident.codes import Code
from workflows.incident.situation import Situation


@dataclass(frozen=True, slots=True)
class Met:
    """It is on record."""


@dataclass(frozen=True, slots=True)
class Missing:
    """It is not. `expected` and `found` are codes; `who` and `remedy` where they differ from the rule's."""

    code: Code = Code.MISSING
    expected: str = ""
    found: str = ""
    who: tuple[str, ...] = field(default=())
    remedy: str = ""


Finding = Met | Missing
MET: Final = Met()
MISSING: Final = Missing()

WORKERS: Final = (CaseRole.LEAD.value, Role.RESPONDER.value, Role.ISB.value)
"""Who usually answers."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One exit criterion of one move. `remedy` is the verb that supplies it."""

    criterion: CriterionId
    check: Callable[[Situation], Finding]
    remedy: str
    who: tuple[str, ...] = WORKERS
    exemptible: bool = True


def on_record(value: Any) -> bool:
    """Whether a value was given. One that was erased since was given."""
    return isinstance(value, Erased) or bool(value)


def met_if(condition: object, otherwise: Missing = MISSING) -> Finding:
    """Met, or else missing."""
    return MET if condition else otherwise


def answered(criterion: CriterionId) -> Callable[[Situation], Finding]:
    """Met by an answer with a text."""

    def check(situation: Situation) -> Finding:
        answer = situation.case.answers.get(criterion)
        return met_if(answer and on_record(answer.text))

    return check
