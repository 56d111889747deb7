"""What the organisation decides about exit criteria: those of its own, and which of ours are stricter or not asked."""

from typing import Annotated, Final, NewType

from pydantic import AfterValidator, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from config.policy.base import FrozenSet, Id, PolicyModel
from config.policy.ids import RELAXABLE, Answerer, Criterion, Phase, Severity

_MARK: Final = "own."
_PATTERN: Final = r"^own[.][a-z][a-z0-9_.-]{0,47}$"
OwnCriterion = NewType("OwnCriterion", str)
"""A criterion of the organisation, as entries name it: `own.` and its id, so that no later one of ours is the same."""
OwnCriterionId = Annotated[OwnCriterion, StringConstraints(pattern=_PATTERN)]
CriterionId = Criterion | OwnCriterionId
"""Any criterion: one of ours, or one that the organisation added."""

MOST_ADDED: Final = 20
"""With more of them the form of all remaining phases would not fit into one modal of Slack."""


def own_criterion(policy_id: str) -> OwnCriterion:
    """How entries name the criterion that the policy calls so."""
    return OwnCriterion(f"{_MARK}{policy_id}")


def policy_id_of(criterion: CriterionId) -> str:
    """How the policy calls it."""
    return criterion.removeprefix(_MARK)


def criterion_of(subject: str) -> CriterionId | None:
    """The criterion that a reason or a field names; None where it names something else."""
    if subject in set(Criterion):
        return Criterion(subject)
    return OwnCriterion(subject) if subject.startswith(_MARK) else None


def _relaxable(criterion: Criterion) -> Criterion:
    if criterion not in RELAXABLE:
        raise PydanticCustomError(
            "not_relaxable",
            "criterion cannot be relaxed",
            {"found": criterion.value, "expected": ", ".join(sorted(RELAXABLE))},
        )
    return criterion


_ONE_LINE: Final = r"^[^\x00-\x1f\x7f]*$"
_WITH_A_WORD: Final = r"^[^\x00-\x1f\x7f]*\w[^\x00-\x1f\x7f]*$"
Question = Annotated[str, StringConstraints(min_length=1, max_length=75, pattern=_WITH_A_WORD)]
"""Stands over its field and in the list of what does not apply, where Slack shows 75 characters."""
Hint = Annotated[str, StringConstraints(max_length=150, pattern=_ONE_LINE)]


class AddedCriterion(PolicyModel):
    """A question that has to be answered in free text before a phase is left (A.5.24, A.5.26).

    `severities`, `categories`: only for those; empty for all. `by`: who may answer, and say that it does not apply;
    empty for whoever may answer the others.
    """

    id: Id
    leaving: Phase
    question_en: Question
    question_de: Question
    hint_en: Hint = ""
    hint_de: Hint = ""
    severities: FrozenSet[Severity] = frozenset()
    categories: FrozenSet[Id] = frozenset()
    exemptible: StrictBool = True
    by: FrozenSet[Answerer] = frozenset()

    @property
    def criterion(self) -> OwnCriterion:
        """How entries name it."""
        return own_criterion(self.id)

    def question(self, language: str) -> str:
        """The question in this language; English for every language but German."""
        return self.question_de if language.startswith("de") else self.question_en

    def hint(self, language: str) -> str:
        """What helps to answer it, in this language; empty for nothing."""
        return self.hint_de if language.startswith("de") else self.hint_en


class TightenedCriteria(PolicyModel):
    """Where the policy is stricter. `never_exempt`: "not applicable" is no answer to these, ours or added."""

    never_exempt: FrozenSet[Id] = frozenset()


class CriteriaPolicy(PolicyModel):
    """Exit criteria: which do not apply here (only three may be listed: see `RELAXABLE`), are added, or stricter."""

    relaxed: FrozenSet[Annotated[Criterion, AfterValidator(_relaxable)]] = frozenset()
    added: Annotated[tuple[AddedCriterion, ...], Field(max_length=MOST_ADDED)] = ()
    tightened: TightenedCriteria = TightenedCriteria()

    def own(self, criterion: CriterionId) -> AddedCriterion | None:
        """What the policy says about an added criterion; None for one of ours, and one that it has no more."""
        return next((one for one in self.added if one.criterion == criterion), None)

    def forbids_exemption(self, criterion: CriterionId) -> bool:
        """Whether the policy takes no "not applicable" here."""
        own = self.own(criterion)
        return policy_id_of(criterion) in self.tightened.never_exempt or (own is not None and not own.exemptible)
