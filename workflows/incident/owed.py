"""Who is reminded of a corrective action, and when: its owner, then the ISB; and who checks its effect (10.2)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from config.policy.ids import Role, SecondPersonRule
from config.policy.models import Policy, PolicyPerson
from workflows.access import seen_by
from workflows.actors import Actor, Person, PersonId, Pseudonym, Source
from workflows.deadlines import is_working_day
from workflows.events import IdentityData
from workflows.incident.items import Corrective
from workflows.incident.state import IncidentCase
from workflows.incident.terms import CorrectiveState

REMIND_BEFORE: Final = timedelta(days=3)
"""So long before it is due its owner is reminded."""
PATIENCE: Final = timedelta(days=7)
"""So long the check of an effect, or an action that is open again, may take until the ISB hears of it."""
_OVERSIGHT: Final = (Role.ISB, Role.DEPUTY)
MORNING: Final = time(9)
"""Reminders of things that take days come at this local time."""


class Owed(StrEnum):
    """What is owed of a corrective action: that it is done, or that somebody says whether it helped."""

    WORK = "work"
    EFFECT = "effect"


class Step(StrEnum):
    """One reminder for each time that something is due, and one to the ISB when it is late."""

    FIRST = "first"
    LATE = "late"


def is_owed(action: Corrective, owed: Owed, due: datetime, life: int) -> bool:
    """Whether exactly this is still owed. `life`: how often the action had been opened again then."""
    if len(action.reopened) != life:
        return False
    if owed is Owed.WORK:
        return action.state is CorrectiveState.OPEN and action.due == due
    return action.state is CorrectiveState.DONE and action.check_due == due


def times(policy: Policy, action: Corrective, owed: Owed, now: datetime) -> Iterator[tuple[Step, datetime]]:
    """When people are reminded, in UTC. An action that is open again is told of at once."""
    if owed is Owed.EFFECT:
        due = action.check_due or now
        yield Step.FIRST, working_morning(policy, due)
        yield Step.LATE, working_morning(policy, due + PATIENCE)
        return
    again = bool(action.reopened)
    yield Step.FIRST, now if again else _beforehand(policy, action.due, now)
    yield Step.LATE, working_morning(policy, max(action.due, now + PATIENCE) if again else action.due)


def _beforehand(policy: Policy, due: datetime, now: datetime) -> datetime:
    """Some days before; what is due sooner than that, on the morning of its day; else when it is due."""
    mornings = (_morning(policy, due - REMIND_BEFORE), _morning(policy, due))
    return next((moment for moment in mornings if now < moment < due), max(due, now))


def working_morning(policy: Policy, since: datetime) -> datetime:
    """The first morning of a working day that is not before this moment."""
    found = _morning(policy, since)
    while found < since or not is_working_day(found.astimezone(policy.zone).date(), policy.holidays):
        found = _morning(policy, found + timedelta(days=1))
    return found


def _morning(policy: Policy, moment: datetime) -> datetime:
    day = moment.astimezone(policy.zone).date()
    return datetime.combine(day, MORNING, tzinfo=policy.zone).astimezone(UTC)


def asked(policy: Policy, case: IncidentCase, action: Corrective, owed: Owed, step: Step) -> tuple[str, ...]:
    """The ids of the persons who are written to, as far as they may see the case. The owner never checks themselves.

    `policy` as of the day: who is away is stood in for by a deputy who may see the case too.
    """
    owner = person_id(case, action.owner)
    oversight = [one.id for one in _seeing(policy, case, _OVERSIGHT)]
    if owed is Owed.WORK:
        found = [*_there(policy, case, owner)] if owner else []
        return tuple(dict.fromkeys((*found, *oversight) if step is Step.LATE or not found else found))
    first = checker(policy, case, action)
    others = [one for one in oversight if one != owner]
    if first is None:
        return tuple(others)
    return tuple(dict.fromkeys((first, *others))) if step is Step.LATE else (first,)


def checker(policy: Policy, case: IncidentCase, action: Corrective) -> str | None:
    """Who is asked whether it helped: the lead where they may be the second person, else the first who may (A.5.3)."""
    owner, lead = person_id(case, action.owner), person_id(case, case.lead)
    roles = policy.second_persons[SecondPersonRule.EFFECTIVENESS].roles
    listed = (one for group in (roles, (Role.MANAGEMENT,)) for one in _seeing(policy, case, group))
    able = [one.id for one in listed if one.id != owner]
    return lead if lead in able else next(iter(able), None)


def _seeing(policy: Policy, case: IncidentCase, roles: Iterable[Role]) -> Iterator[PolicyPerson]:
    return (one for one in policy.reachable(*roles) if _sees(case, one))


def _sees(case: IncidentCase, one: PolicyPerson) -> bool:
    return seen_by(case, Actor(Person(PersonId(one.id), one.name), one.roles, Source.TIMER))


def _there(policy: Policy, case: IncidentCase, owner: str) -> Iterator[str]:
    """The owner, or who stands in for them today; nobody where they left."""
    person = policy.person_by(id=owner)
    deputy = policy.today.deputy(person) if person is not None else None
    if person is None or not policy.has_left(person):
        yield deputy.id if deputy is not None and _sees(case, deputy) else owner


def person_id(case: IncidentCase, pseudonym: Pseudonym | None) -> str | None:
    """Who a pseudonym stands for, None for nobody and for somebody who was erased."""
    who = case.people.get(pseudonym) if pseudonym else None
    return who.id if isinstance(who, IdentityData) else None
