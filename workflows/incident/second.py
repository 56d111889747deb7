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
        person for person in situation.policy.people if person.holds(*situation.policy.second_persons[rule].roles)
    )


def others(situation: Situation, rule: SecondPersonRule, first: Pseudonym | None) -> tuple[PolicyPerson, ...]:
    """Everybody who may be the second person, besides the first."""
    return tuple(person for person in holders(situation, rule) if first is None or situation.by_id(person.id) != first)


def judge(situation: Situation, rule: SecondPersonRule, first: Pseudonym | None) -> Second:
    """Whether the actor can be the second person after `first`."""
    rules = situation.policy.second_persons[rule]
    another = situation.actor.person is not None and (first is None or situation.me != first)
    if another and situation.actor.has(*rules.roles):
        return Second.FITS
    if others(situation, rule, first) or rules.fallback is Fallback.NONE:
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
