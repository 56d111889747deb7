"""Named people, roles in the case, and who may see it (A.5.2, A.5.15)."""

from collections.abc import Iterable

from config.policy.ids import CaseRole, Role, Visibility
from workflows.access import OVERSIGHT, SEALED_MINIMUM, SEALED_NEEDS, is_on_duty, is_stricter, may_see
from workflows.actors import Person, Pseudonym
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.codes import Code
from workflows.incident.commands import AssignRole, SetVisibility
from workflows.incident.situation import Proposal, Situation

Reasons = tuple[Reason, ...]
ASSIGNABLE = (CaseRole.LEAD, CaseRole.SCRIBE, CaseRole.TECHNICAL_LEAD, CaseRole.COMMUNICATIONS, CaseRole.NAMED)
"""Roles that are given; the others follow from what somebody did."""


def lacks_named_people(situation: Situation, named: Iterable[Pseudonym]) -> Reasons:
    """Sealed: at least two named people, one of them ISB, deputy or management."""
    people = frozenset(named)
    watched = any(situation.standing(person) & SEALED_NEEDS for person in people)
    if len(people) >= SEALED_MINIMUM and watched:
        return ()
    needed = tuple(sorted(role.value for role in SEALED_NEEDS))
    return (Reason(Code.NAMED_PEOPLE, subject="visibility", found=str(len(people)), who=needed, remedy="restrict"),)


def set_visibility(proposal: Proposal, command: SetVisibility) -> Reasons:
    """Whoever works on the case can tighten; loosening takes oversight and a reason."""
    situation, case = proposal.situation, proposal.case
    named = tuple(person for person in map(situation.of, command.named) if person is not None)
    problems: Reasons = ()
    if is_stricter(case.visibility, command.visibility):
        problems += _loosening(situation, command)
    if command.visibility is case.visibility and set(named) <= set(case.holders(CaseRole.NAMED)):
        problems += (Reason(Code.ALREADY, subject="visibility", found=case.visibility.value),)
    if command.visibility is Visibility.SEALED:
        named = (*case.holders(CaseRole.NAMED), *named) if case.visibility is Visibility.SEALED else named
        problems += lacks_named_people(situation, named)
    if not problems:
        added = tuple(dict.fromkeys(named))
        reason = command.reason or None
        proposal.add(ev.VisibilitySet(visibility=command.visibility, named=added, reason=reason))
    return problems


def sees(situation: Situation, person: Person, pseudonym: Pseudonym) -> bool:
    """Whether somebody can see the case as it stands."""
    roles: set[Role | CaseRole] = {Role.ENGINEER, *situation.standing(pseudonym), *situation.case.roles_of(pseudonym)}
    return may_see(roles, situation.case, on_duty=is_on_duty(situation.policy, person.id))


def unname(proposal: Proposal, person: Pseudonym) -> None:
    """Name somebody no more who was named only to answer a question (A.5.15).

    Who is still asked something stays named. A strictly confidential case keeps the names that it needs, and of who
    got a part in it meanwhile.
    """
    case = proposal.case
    named = set(case.holders(CaseRole.NAMED))
    asked = {one.person for one in (case.handover, case.owner_asked) if one is not None}
    sealed = case.visibility is Visibility.SEALED
    has_part = any(held.person == person and held.role is not CaseRole.NAMED for held in case.roles)
    needed = sealed and (has_part or lacks_named_people(proposal.situation, named - {person}))
    if person in named - asked and not needed:
        proposal.add(ev.RoleAssigned(case_role=CaseRole.NAMED, person=person, removed=True))


def unseat(proposal: Proposal) -> None:
    """Whoever is not named in a strictly confidential case sees it no more, so they have no part in it either.

    A case that is over keeps its roles: they say who had them.
    """
    case = proposal.case
    if case.visibility is not Visibility.SEALED or not case.state.is_open:
        return
    named = case.holders(CaseRole.NAMED)
    for held in case.roles:
        if held.role in ASSIGNABLE and held.person not in named:
            proposal.add(ev.RoleAssigned(case_role=held.role, person=held.person, removed=True))


def _loosening(situation: Situation, command: SetVisibility) -> Reasons:
    may = SEALED_NEEDS if situation.case.visibility is Visibility.SEALED else OVERSIGHT
    who = tuple(sorted(role.value for role in may))
    problems: Reasons = () if situation.actor.has(*may) else (Reason(Code.NOT_ALLOWED, subject="visibility", who=who),)
    if not command.reason:
        problems += (Reason(Code.NEEDS_REASON, subject="visibility", remedy="restrict"),)
    return problems


def assign_role(proposal: Proposal, command: AssignRole) -> Reasons:
    """Give a role or take it away. In a sealed case this names somebody, and takes oversight."""
    situation, case = proposal.situation, proposal.case
    person = situation.of(command.person)
    if command.role not in ASSIGNABLE or person is None:
        possible = " ".join(role.value for role in ASSIGNABLE)
        return (Reason(Code.INVALID, subject="role", expected=possible, found=command.role.value),)
    if not case.state.is_open and command.role is not CaseRole.NAMED:
        return (Reason(Code.CASE_CLOSED, subject="role", found=case.state.value, remedy="reopen"),)
    held = person in case.holders(command.role)
    if held != command.remove:
        code = Code.UNKNOWN_ITEM if command.remove else Code.ALREADY
        return (Reason(code, subject="role", found=command.role.value),)
    holders = case.holders(command.role)
    if command.vacant and holders:
        return (Reason(Code.TAKEN, subject=command.role.value, found=holders[0], remedy="role"),)
    problems = _sealed(situation, command, person)
    if not problems:
        _assign(proposal, command, person)
    return problems


def _sealed(situation: Situation, command: AssignRole, person: Pseudonym) -> Reasons:
    case = situation.case
    if case.visibility is not Visibility.SEALED:
        return ()
    if not situation.actor.has(*SEALED_NEEDS):
        who = tuple(sorted(role.value for role in SEALED_NEEDS))
        return (Reason(Code.NOT_ALLOWED, subject="role", who=who),)
    if command.remove and command.role is CaseRole.NAMED:
        return lacks_named_people(situation, set(case.holders(CaseRole.NAMED)) - {person})
    return ()


def _assign(proposal: Proposal, command: AssignRole, person: Pseudonym) -> None:
    proposal.add(ev.RoleAssigned(case_role=command.role, person=person, removed=command.remove))
    sealed = proposal.case.visibility is Visibility.SEALED
    if sealed and not command.remove and person not in proposal.case.holders(CaseRole.NAMED):
        proposal.add(ev.RoleAssigned(case_role=CaseRole.NAMED, person=person))
