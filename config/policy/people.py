"""Whether enough people are named for the rules that need them (A.5.2, A.5.3). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from config.policy.ids import Fallback, Role, SecondPersonRule
from config.policy.models import Policy, PolicyPerson


class Need(StrEnum):
    """What people are needed for: to be second person of a rule, to do a duty, or to answer an added criterion."""

    RULE = "rule"
    DUTY = "duty"
    CRITERION = "criterion"


class Duty(StrEnum):
    """Duties that somebody must be able to take."""

    ON_CALL = "on_call"
    LEAD = "lead"
    ISB = "isb"
    DEPUTY = "deputy"
    DPO = "dpo"
    MANAGEMENT = "management"
    SERVICE_OWNER = "service_owner"
    RISK_OWNER = "risk_owner"
    RELEASE_MANAGER = "release_manager"


class Consequence(StrEnum):
    """What follows: management countersigns within two working days, nobody can do it, or nobody can stand in."""

    MANAGEMENT_COUNTERSIGNS = "management_countersigns"
    NOBODY = "nobody"
    NO_STAND_IN = "no_stand_in"


@dataclass(frozen=True, slots=True)
class RuleGap:
    """A rule, duty or criterion that nobody, or only one person, can fill. `id`: what the policy or `Duty` calls it."""

    need: Need
    id: str
    roles: tuple[Role, ...]
    persons: tuple[str, ...]
    consequence: Consequence


@dataclass(frozen=True, slots=True)
class AbsenceGap:
    """From this day on nobody who is there can take a duty: everybody who could is away."""

    duty: Duty
    day: date
    persons: tuple[str, ...]


_ROLES_OF: Final = {
    Duty.LEAD: (Role.RESPONDER, Role.ISB, Role.DEPUTY),
    Duty.ISB: (Role.ISB,),
    Duty.DEPUTY: (Role.DEPUTY,),
    Duty.DPO: (Role.DPO,),
    Duty.MANAGEMENT: (Role.MANAGEMENT,),
    Duty.SERVICE_OWNER: (Role.SERVICE_OWNER,),
    Duty.RISK_OWNER: (Role.RISK_OWNER,),
    Duty.RELEASE_MANAGER: (Role.RELEASE_MANAGER,),
}
_STAND_IN: Final = {Duty.ISB: (Role.DEPUTY,), Duty.DEPUTY: (Role.ISB,)}


def check_people(policy: Policy) -> tuple[RuleGap, ...]:
    """Each second-person rule, duty and criterion of its own with no or only one person, and what happens then.

    The ISB and the deputy stand in for each other, so one of each is enough.
    """
    return (*_rule_gaps(policy), *_duty_gaps(policy), *_criterion_gaps(policy))


def check_absences(policy: Policy, since: date) -> tuple[AbsenceGap, ...]:
    """Each duty that nobody who is there can take, on a day from `since` on; once a duty, on the first such day.

    Whoever stands in on the duty roster must be able to look after a report too, else calling them is for nothing.
    """
    starts = {max(one.first, since) for person in policy.people for one in person.away if one.last >= since}
    found: dict[Duty, AbsenceGap] = {}
    for day in sorted(starts):
        for duty in Duty:
            able = _able_on(policy, duty)
            if able and all(_is_away(person, day) for person in able):
                found.setdefault(duty, AbsenceGap(duty, day, _ids(able)))
    return tuple(found.values())


def _able_on(policy: Policy, duty: Duty) -> tuple[PolicyPerson, ...]:
    """Whoever can take a duty, also as deputy of somebody who does. A deputy gets no role by standing in."""
    if duty is not Duty.ON_CALL:
        return _able(policy, (*_ROLES_OF[duty], *_STAND_IN.get(duty, ())))
    roster = policy.on_call()
    deputies = {one.deputy for person in roster for one in person.away}
    able = _able(policy, _ROLES_OF[Duty.LEAD])
    return tuple(one for one in able if one in roster or one.id in deputies)


def _is_away(person: PolicyPerson, day: date) -> bool:
    return any(one.covers(day) for one in person.away)


def _rule_gaps(policy: Policy) -> Iterator[RuleGap]:
    for rule in SecondPersonRule:
        second = policy.second_persons[rule]
        able = _able(policy, second.roles)
        if len(able) > 1:
            continue
        steps_in = second.fallback is Fallback.MANAGEMENT and _somebody_else(policy, able)
        consequence = Consequence.MANAGEMENT_COUNTERSIGNS if steps_in else Consequence.NOBODY
        yield RuleGap(Need.RULE, rule, second.roles, _ids(able), consequence)


def _duty_gaps(policy: Policy) -> Iterator[RuleGap]:
    for duty in Duty:
        roles = _ROLES_OF.get(duty, ())
        able = policy.on_call() if duty is Duty.ON_CALL else _able(policy, roles)
        stand_ins = [person for person in _able(policy, _STAND_IN.get(duty, ())) if person not in able]
        if able and len(able) + len(stand_ins) > 1:
            continue
        yield RuleGap(Need.DUTY, duty, roles, _ids(able), Consequence.NO_STAND_IN if able else Consequence.NOBODY)


def _criterion_gaps(policy: Policy) -> Iterator[RuleGap]:
    """Criteria left to standing roles alone; who holds a role in a case, the case says."""
    for one in policy.criteria.added:
        standing = tuple(role for role in Role if role.value in {answerer.value for answerer in one.by})
        able = _able(policy, standing)
        if standing and len(standing) == len(one.by) and len(able) <= 1:
            consequence = Consequence.NO_STAND_IN if able else Consequence.NOBODY
            yield RuleGap(Need.CRITERION, one.id, standing, _ids(able), consequence)


def _able(policy: Policy, roles: tuple[Role, ...]) -> tuple[PolicyPerson, ...]:
    return tuple(person for person in policy.people if person.holds(*roles))


def _somebody_else(policy: Policy, able: tuple[PolicyPerson, ...]) -> bool:
    """Whether management has anyone besides the one person who might be the first to act."""
    return any(person not in able for person in policy.holders(Role.MANAGEMENT))


def _ids(people: tuple[PolicyPerson, ...]) -> tuple[str, ...]:
    return tuple(person.id for person in people)
