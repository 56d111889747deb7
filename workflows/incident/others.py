"""Other cases that a command names. One that the actor may not see and one that does not exist are the same."""

from typing import Any

from config.policy.ids import CaseRole, Role
from workflows.access import may_see
from workflows.incident.situation import Situation
from workflows.incident.state import IncidentCase


def other_case(situation: Situation, number: str) -> Any:
    """The case with this number; None when there is none, when it is this one, or must not be seen."""
    other = situation.context.related.get(number)
    if other is None or other.id == situation.case.id:
        return None
    person = situation.actor.person
    if person is None or not isinstance(other, IncidentCase):
        return other
    roles: set[Role | CaseRole] = {
        Role.ENGINEER,
        *situation.actor.roles,
        *other.roles_of(other.pseudonym_of(person.id)),
    }
    return other if may_see(roles, other, on_duty=situation.actor.on_duty) else None
