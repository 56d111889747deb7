"""The one registry: which criteria hold which move, and what is missing for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from config.policy.ids import RELAXABLE, Criterion
from workflows.decisions import Reason
from workflows.incident.criteria import identify, response, review
from workflows.incident.criteria.rule import Met, Missing, Rule
from workflows.incident.situation import Situation
from workflows.incident.terms import State

EXIT: Final[Mapping[tuple[State, State], tuple[Rule, ...]]] = MappingProxyType(
    {
        (State.IDENTIFY, State.CONTAIN): identify.TO_CONTAIN,
        (State.IDENTIFY, State.DISMISSED): identify.TO_DISMISSED,
        (State.IDENTIFY, State.REVIEW): identify.TO_REVIEW,
        (State.CONTAIN, State.ERADICATE): response.TO_ERADICATE,
        (State.ERADICATE, State.RECOVER): response.TO_RECOVER,
        (State.RECOVER, State.REVIEW): response.TO_REVIEW,
        (State.REVIEW, State.CLOSED): review.TO_CLOSED,
    }
)
"""The exit criteria of every move forward. Moves back need a reason and nothing else."""

BY_CRITERION: Final[Mapping[Criterion, Rule]] = MappingProxyType(
    {rule.criterion: rule for rules in reversed(tuple(EXIT.values())) for rule in rules}
)
"""The rule of a criterion; for the assessment the one that an incident has to meet."""


class Standing(StrEnum):
    """How a criterion stands for a move."""

    MET = "met"
    EXEMPTED = "exempted"
    RELAXED = "relaxed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One criterion judged. `reason` is there when it is missing."""

    criterion: Criterion
    standing: Standing
    reason: Reason | None = None


def judge(situation: Situation, source: State, target: State) -> tuple[Judgement, ...]:
    """Every criterion of a move, in the order of the table."""
    return tuple(_judge(situation, rule) for rule in EXIT.get((source, target), ()))


def _judge(situation: Situation, rule: Rule) -> Judgement:
    finding = rule.check(situation)
    if isinstance(finding, Met):
        return Judgement(rule.criterion, Standing.MET)
    if rule.criterion in situation.policy.criteria.relaxed & RELAXABLE:
        return Judgement(rule.criterion, Standing.RELAXED)
    if rule.exemptible and rule.criterion in situation.case.exemptions:
        return Judgement(rule.criterion, Standing.EXEMPTED)
    return Judgement(rule.criterion, Standing.MISSING, _reason(rule, finding))


def _reason(rule: Rule, finding: Missing) -> Reason:
    return Reason(
        finding.code,
        subject=rule.criterion.value,
        expected=finding.expected,
        found=finding.found,
        who=finding.who or rule.who,
        remedy=finding.remedy or rule.remedy,
    )


def is_exemptible(criterion: Criterion) -> bool:
    """Whether "not applicable, because" is an answer to this criterion.

    Not for the assessment, personal data and duties; nor for second persons and due items, which are no answers.
    """
    return all(rule.exemptible for rules in EXIT.values() for rule in rules if rule.criterion is criterion)
