"""Second persons (A.5.3): who may be one, and what happens where nobody else can."""

from enum import Enum, auto

from config.policy.ids import Fallback, Role, SecondPersonRule
from config.policy.models import PolicyPerson
from workflows.actors import Pseudonym
from workflows.deadlines import countersign_due
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.events import DueOpened
from workflows.incident.situation import Situation
from workflows.incident.terms import DueKind


class Second(Enum):
    """Whether the actor can be the second person of a step."""

    FITS = auto()
    OWED = auto()
    """Nobody else holds the role: the step goes on, management countersigns within two working days."""
    REFUSED = auto()


def holders(situation: Situation, rule: SecondPersonRule) -> tuple[PolicyPerson, ...]:
    """Everybody who may be the second person by this rule."""
    return tuple(
        person
        for person in situation.policy.people
        if person.holds(*situation.policy.second_persons[rule].roles) and not situation.policy.has_left(person)
    )


def others(situation: Situation, rule: SecondPersonRule, *first: Pseudonym | None) -> tuple[PolicyPerson, ...]:
    """Everybody who may be the second person, besides the first."""
    taken = {person for person in first if person is not None}
    return tuple(person for person in holders(situation, rule) if situation.by_id(person.id) not in taken)


def judge(situation: Situation, rule: SecondPersonRule, *first: Pseudonym | None) -> Second:
    """Whether the actor can be the second person after `first` (several where several acted as one)."""
    rules = situation.policy.second_persons[rule]
    taken = {person for person in first if person is not None}
    another = situation.actor.person is not None and situation.me not in taken
    if another and situation.actor.has(*rules.roles):
        return Second.FITS
    if others(situation, rule, *first) or rules.fallback is Fallback.NONE:
        return Second.REFUSED
    return Second.FITS if another and situation.actor.has(Role.MANAGEMENT) else Second.OWED


def who(situation: Situation, rule: SecondPersonRule) -> tuple[str, ...]:
    """The roles that a second person may hold."""
    return tuple(role.value for role in situation.policy.second_persons[rule].roles)


def second_person_needed(situation: Situation, rule: SecondPersonRule, remedy: str) -> Reason:
    """The refusal where another person is needed."""
    return Reason(Code.SECOND_PERSON, subject=rule.value, who=who(situation, rule), remedy=remedy)


def countersign(situation: Situation, rule: SecondPersonRule, first: Pseudonym | None, regime: str = "") -> DueOpened:
    """What management now owes."""
    return DueOpened(
        due_kind=DueKind.COUNTERSIGN,
        rule=rule,
        regime=regime or None,
        first=first,
        due=countersign_due(situation.policy, situation.now),
    )
