"""Exit criteria that the organisation added: for which moves and cases they hold, and who may answer them."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Final

from config.policy.criteria import AddedCriterion, CriterionId
from config.policy.ids import CaseRole, Phase, Role
from config.policy.models import Policy
from workflows.incident.criteria.rule import WORKERS, Rule, answered
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State

LEAVING: Final[Mapping[tuple[State, State], Phase]] = MappingProxyType(
    {
        (State.IDENTIFY, State.CONTAIN): Phase.IDENTIFY,
        (State.CONTAIN, State.ERADICATE): Phase.CONTAIN,
        (State.ERADICATE, State.RECOVER): Phase.ERADICATE,
        (State.RECOVER, State.REVIEW): Phase.RECOVER,
        (State.REVIEW, State.CLOSED): Phase.REVIEW,
    }
)
"""The moves that an added criterion can hold. What turns out to be no incident is asked no more than before."""


def rules(policy: Policy, case: IncidentCase, source: State, target: State) -> tuple[Rule, ...]:
    """Those that hold this move of this case, in the order of the policy."""
    phase = LEAVING.get((source, target))
    return tuple(
        Rule(one.criterion, answered(one.criterion), "answer", _who(one))
        for one in policy.criteria.added
        if one.leaving is phase and applies(one, case)
    )


def applies(one: AddedCriterion, case: IncidentCase) -> bool:
    """Whether a case is one of those it is meant for. As long as severity or category is open, it may become one."""
    category = case.category if isinstance(case.category, str) else None
    severe = not one.severities or case.severity is None or case.severity in one.severities
    return severe and (not one.categories or category is None or category in one.categories)


def _who(one: AddedCriterion) -> tuple[str, ...]:
    return tuple(sorted(role.value for role in one.by)) or WORKERS


def left_to_others(policy: Policy, criterion: CriterionId, roles: AbstractSet[Role | CaseRole]) -> tuple[str, ...]:
    """Who may answer, where the policy names them and somebody with these roles is none of them."""
    own = policy.criteria.own(criterion)
    return _who(own) if own is not None and own.by and not _names(own, roles) else ()


def left_to(policy: Policy, criterion: CriterionId, roles: AbstractSet[Role | CaseRole]) -> bool:
    """Whether the policy leaves this criterion to one of these roles by name, whatever else they may do."""
    own = policy.criteria.own(criterion)
    return own is not None and _names(own, roles)


def _names(own: AddedCriterion, roles: AbstractSet[Role | CaseRole]) -> bool:
    return not {role.value for role in own.by}.isdisjoint({role.value for role in roles})
