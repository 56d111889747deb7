"""Who may see a case (A.5.15), and who counts as what. One predicate for every query, message, export and page."""

from collections.abc import Set as AbstractSet
from typing import Final, Protocol, runtime_checkable

from config.policy.ids import CaseRole, Role, Visibility
from config.policy.models import Policy
from workflows.actors import Actor, Pseudonym

OVERSIGHT: Final = frozenset({Role.ISB, Role.DEPUTY})
PLACED: Final = frozenset(
    {CaseRole.NAMED, CaseRole.LEAD, CaseRole.SCRIBE, CaseRole.TECHNICAL_LEAD, CaseRole.COMMUNICATIONS, CaseRole.OWNER}
)
"""Roles that somebody was given by name, and that therefore make a named person."""
SEALED_NEEDS: Final = frozenset({Role.ISB, Role.DEPUTY, Role.MANAGEMENT})
"""One of the named people of a sealed case holds one of these."""
SEALED_MINIMUM: Final = 2
STRICTNESS: Final = (Visibility.TEAM, Visibility.RESTRICTED, Visibility.SEALED)
"""From most to fewest people."""


@runtime_checkable
class Guarded(Protocol):
    """A case that not everybody may see."""

    @property
    def visibility(self) -> Visibility:
        """Team, restricted or sealed."""

    @property
    def concerns_dpo(self) -> bool:
        """Whether personal data is or may be affected."""

    @property
    def awaits_management(self) -> bool:
        """Whether a countersignature of management is open."""


@runtime_checkable
class Peopled(Protocol):
    """A case that knows which role somebody has in it."""

    def pseudonym_of(self, person_id: str) -> Pseudonym | None:
        """The pseudonym of a person in this case."""

    def roles_of(self, pseudonym: Pseudonym | None) -> AbstractSet[CaseRole]:
        """The roles of a person in this case."""


def may_see(roles: AbstractSet[Role | CaseRole], case: object, *, on_duty: bool = False) -> bool:
    """Whether somebody with these roles (standing ones, and those in this case) may see the case.

    - team: reporter, who is on duty, responders, ISB and deputy, people named or with a role in the case, the data
      protection officer when personal data is or may be affected, management while its countersignature is open;
    - restricted: named people, who is on duty, ISB and deputy, management while its countersignature is open;
    - sealed: named people only.

    A case without these marks (a change) is open to everybody known. Administrators and auditors see none by that.
    """
    if not isinstance(case, Guarded):
        return bool(roles)
    if on_duty and case.visibility is not Visibility.SEALED:
        return True
    return not roles.isdisjoint(admitted(case))


def seen_by(case: object, actor: Actor) -> bool:
    """Whether the actor may see a case that a command names; the machine sees all."""
    person = actor.person
    if person is None or not isinstance(case, Peopled):
        return True
    own = case.roles_of(case.pseudonym_of(person.id))
    return may_see({Role.ENGINEER, *actor.roles, *own}, case, on_duty=actor.on_duty)


def admitted(case: Guarded) -> frozenset[Role | CaseRole]:
    """The roles of which any one lets see the case."""
    if case.visibility is Visibility.SEALED:
        return frozenset({CaseRole.NAMED})
    roles: set[Role | CaseRole] = {*OVERSIGHT, *PLACED}
    if case.awaits_management:
        roles.add(Role.MANAGEMENT)
    if case.visibility is Visibility.TEAM:
        roles |= {CaseRole.REPORTER, Role.RESPONDER}
        roles |= {Role.DPO} if case.concerns_dpo else set()
    return frozenset(roles)


def is_on_duty(policy: Policy, person_id: str) -> bool:
    """Whether a person stands on the duty roster, or in for somebody on it who is away."""
    return policy.is_on_duty(person_id)


def is_stricter(one: Visibility, other: Visibility) -> bool:
    """Whether fewer people see `one` than `other`."""
    return STRICTNESS.index(one) > STRICTNESS.index(other)
