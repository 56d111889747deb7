"""Questions about a move, answered without deciding anything: what stands, what is missing, who can supply it."""

from collections.abc import Set as AbstractSet
from itertools import pairwise

from config.policy.ids import CaseRole, Role
from config.policy.models import Policy
from workflows.actors import Actor, Pseudonym
from workflows.context import Context
from workflows.decisions import Cast, Reason
from workflows.incident.codes import Code
from workflows.incident.criteria.own import left_to
from workflows.incident.criteria.registry import EXIT, Judgement, Standing, judge, rules
from workflows.incident.moves import MACHINE, NEAR_MISS, RESPONSE, way_between
from workflows.incident.settling import put_off, settle
from workflows.incident.situation import Proposal, Situation
from workflows.incident.state import IncidentCase
from workflows.incident.terms import DISMISSED_KINDS, Kind, State
from workflows.machine import Allowed


def standing(case: IncidentCase, to: State, actor: Actor, context: Context) -> tuple[Judgement, ...]:
    """How every criterion of the move to `to` stands. Empty when there is no such move forward."""
    return judge(_seen_by(case, actor, context), case.state, to)


def missing(case: IncidentCase, to: State, actor: Actor, context: Context) -> tuple[Reason, ...]:
    """Every reason why this actor cannot move the case to `to` now; empty when nothing is missing."""
    return against(_seen_by(case, actor, context), to)


def _seen_by(case: IncidentCase, actor: Actor, context: Context) -> Situation:
    """As the decision would see it: what was put off and is there by now holds nothing back any more.

    The asker belongs to the cast, also where the case does not know them yet.
    """
    known: dict[str, Pseudonym] = {}
    if actor.person is not None:
        known[actor.person.id] = case.pseudonym_of(actor.person.id) or Pseudonym("asker")
    proposal = Proposal(Situation(case, actor, Cast(known), context))
    settle(proposal)
    return proposal.situation


def due(case: IncidentCase, actor: Actor, context: Context) -> tuple[Reason, ...]:
    """What overrides put off and is still missing, each with who can supply it and how. Only closing waits for it."""
    return reasons_of(put_off(_seen_by(case, actor, context)))


def against(situation: Situation, to: State) -> tuple[Reason, ...]:
    """Every reason against a move forward."""
    source = situation.case.state
    allowed = MACHINE.attempt(source, to)
    if not isinstance(allowed, Allowed):
        possible = " ".join(allowed.possible)
        return (Reason(Code.NO_SUCH_MOVE, subject=to.value, expected=possible, found=source.value),)
    if allowed.move.back:
        return (Reason(Code.NEEDS_REASON, subject=to.value, remedy=allowed.move.name),)
    return reasons_of(judge(situation, source, to))


def reasons_of(judgements: tuple[Judgement, ...]) -> tuple[Reason, ...]:
    """The reasons of what is missing."""
    return tuple(item.reason for item in judgements if item.reason is not None)


def next_state(case: IncidentCase) -> State | None:
    """Where the case goes next by what it was assessed as; None when it is at its end."""
    if case.state is State.IDENTIFY and case.kind in DISMISSED_KINDS:
        return State.DISMISSED
    return next(iter(remaining(case)), None)


def remaining(case: IncidentCase, to: State = State.CLOSED) -> tuple[State, ...]:
    """The states ahead, up to `to`; empty when `to` does not lie ahead."""
    return way_between(NEAR_MISS if case.kind is Kind.NEAR_MISS else RESPONSE, case.state, to)


def is_behind(case: IncidentCase, state: State) -> bool:
    """Whether the case has come as far as this state on its way, or further."""
    way = NEAR_MISS if case.kind is Kind.NEAR_MISS else RESPONSE
    return {case.state, state} <= set(way) and way.index(state) <= way.index(case.state)


def let_off(case: IncidentCase, actor: Actor, context: Context) -> tuple[Judgement, ...]:
    """What stands unmet on the whole way to closing: "not applicable", or not demanded by the policy; each once."""
    way = NEAR_MISS if case.kind is Kind.NEAR_MISS else RESPONSE
    found: dict[str, Judgement] = {}
    for source, target in pairwise(way):
        for one in standing(case.model_copy(update={"state": source}), target, actor, context):
            if one.standing in {Standing.EXEMPTED, Standing.RELAXED}:
                found.setdefault(one.criterion, one)
    return tuple(found.values())


def steps(case: IncidentCase, to: State) -> tuple[tuple[State, State], ...]:
    """The moves ahead, one by one."""
    ahead = remaining(case, to)
    return tuple(zip((case.state, *ahead), ahead, strict=False))


def is_forward(source: State, to: State) -> bool:
    """Whether there is such a move forward."""
    return (source, to) in EXIT


def criteria_count(policy: Policy, case: IncidentCase, source: State, to: State) -> int:
    """How many criteria hold a move of this case."""
    return len(rules(policy, case, source, to))


def is_left_to(
    policy: Policy, case: IncidentCase, source: State, to: State, roles: AbstractSet[Role | CaseRole]
) -> bool:
    """Whether the policy leaves a criterion of a move of this case to one of these roles."""
    return any(left_to(policy, rule.criterion, roles) for rule in rules(policy, case, source, to))
