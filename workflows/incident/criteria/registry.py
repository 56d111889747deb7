"""The one registry: which criteria hold which move, and what is missing for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from config.policy.criteria import CriterionId
from config.policy.ids import RELAXABLE
from config.policy.models import Policy
from workflows.decisions import Reason
from workflows.incident.criteria import identify, own, response, review
from workflows.incident.criteria.rule import Met, Missing, Rule
from workflows.incident.situation import Situation
from workflows.incident.state import IncidentCase
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
"""Our exit criteria of every move forward. Moves back need a reason and nothing else."""


class Standing(StrEnum):
    """How a criterion stands for a move."""

    MET = "met"
    EXEMPTED = "exempted"
    RELAXED = "relaxed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One criterion judged. `reason` is there when it is missing."""

    criterion: CriterionId
    standing: Standing
    reason: Reason | None = None


def rules(policy: Policy, case: IncidentCase, source: State, target: State) -> tuple[Rule, ...]:
    """Every criterion that holds a move of this case: ours, then those that the organisation added."""
    return (*EXIT.get((source, target), ()), *own.rules(policy, case, source, target))


def judge(situation: Situation, source: State, target: State) -> tuple[Judgement, ...]:
    """Every criterion of a move, in the order of the table."""
    return tuple(_judge(situation, rule) for rule in rules(situation.policy, situation.case, source, target))


def _judge(situation: Situation, rule: Rule) -> Judgement:
    finding = rule.check(situation)
    if isinstance(finding, Met):
        return Judgement(rule.criterion, Standing.MET)
    if rule.criterion in situation.policy.criteria.relaxed & RELAXABLE:
        return Judgement(rule.criterion, Standing.RELAXED)
    exemptible = rule.exemptible and not situation.policy.criteria.forbids_exemption(rule.criterion)
    if exemptible and rule.criterion in situation.case.exemptions:
        return Judgement(rule.criterion, Standing.EXEMPTED)
    return Judgement(rule.criterion, Standing.MISSING, _reason(rule, finding))


def _reason(rule: Rule, finding: Missing) -> Reason:
    return Reason(
        finding.code,
        subject=str(rule.criterion),
        expected=finding.expected,
        found=finding.found,
        who=finding.who or rule.who,
        remedy=finding.remedy or rule.remedy,
    )


def is_exemptible(policy: Policy, criterion: CriterionId) -> bool:
    """Whether "not applicable, because" is an answer to this criterion.

    Not for the assessment, personal data and duties; nor for second persons and due items, which are no answers; nor
    where the policy forbids it.
    """
    return not policy.criteria.forbids_exemption(criterion) and is_ever_exemptible(criterion)


def is_ever_exemptible(criterion: CriterionId) -> bool:
    """The same, whatever a policy says."""
    return all(rule.exemptible for rules in EXIT.values() for rule in rules if rule.criterion == criterion)
