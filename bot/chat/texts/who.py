"""Who can help, by name where the policy or the case names them."""

from collections.abc import Collection, Iterable

from bot.chat.texts import common, requirements
from config.i18n import Translator
from config.policy.ids import CaseRole, Role, SecondPersonRule
from config.policy.models import Policy, PolicyPerson
from workflows.actors import Actor, Person, PersonId, Pseudonym, Source
from workflows.holding import visible
from workflows.registry import WORKFLOWS
from workflows.workflow import Case

PERSON = "person:"
_MOST = 4


def names(
    t: Translator,
    policy: Policy,
    codes: Iterable[str],
    case: Case | None = None,
    *,
    without: Collection[Pseudonym] = (),
) -> tuple[str, ...]:
    """The people behind role codes who may see the case; names of roles only where nobody is known by name.

    `without`: whoever cannot do it whatever their roles are.
    """
    listed = tuple(codes)
    not_they = {common.one_line(case.name_of(one), 60) for one in without} if case is not None else set()
    found = (name for code in listed for name in _people(policy, code, case, listed))
    people = dict.fromkeys(name for name in found if name not in not_they)
    if 0 < len(people) <= _MOST:
        return tuple(people)
    return tuple(dict.fromkeys((*(n for c in listed if c.startswith(PERSON) for n in _people(policy, c, case)),
                                *requirements.who(t, listed))))  # fmt: skip


def _people(policy: Policy, code: str, case: Case | None, able: Iterable[str] = ()) -> tuple[str, ...]:
    """Whom a code names today; `able` are the codes of which a deputy must hold one."""
    if code.startswith(PERSON):
        return (_person(policy, code.removeprefix(PERSON), case),)
    if code in set(Role) and Role(code) is not Role.ENGINEER:
        holders = policy.reachable(Role(code), able=_roles(able))
        return tuple(common.one_line(one.name, 60) for one in holders if _sees(policy, one, case))
    if code in set(CaseRole) and case is not None:
        return _holders(case, CaseRole(code))
    return ()


def _sees(policy: Policy, person: PolicyPerson, case: Case | None) -> bool:
    """Whether somebody may see the case; who may not could neither help nor is to hear of it by being asked."""
    known = Person(PersonId(person.id), person.name)
    actor = Actor(known, person.roles, Source.CONSOLE, policy.is_on_duty(person.id))
    return case is None or any(
        visible(one, case, actor) for one in WORKFLOWS.values() if isinstance(case, one.case_type)
    )


def _roles(codes: Iterable[str]) -> frozenset[Role]:
    return frozenset(Role(code) for code in codes if code in set(Role))


def _holders(case: Case, role: CaseRole) -> tuple[str, ...]:
    """Whoever holds a role in this very case."""
    for workflow in WORKFLOWS.values():
        if isinstance(case, workflow.case_type):
            held = [one for one in case.people if role in workflow.roles_in(case, one)]
            return tuple(common.one_line(case.name_of(one), 60) for one in held)
    return ()


def _person(policy: Policy, key: str, case: Case | None) -> str:
    """A pseudonym, an id of the policy, or a name."""
    if case is not None and key in case.people:
        return common.one_line(case.name_of(next(one for one in case.people if one == key)), 60)
    known = policy.person_by(id=key)
    return common.one_line(known.name if known else key, 60)


def deciders(t: Translator, policy: Policy, rule: SecondPersonRule, case: Case, *, without: str = "") -> str:
    """Who may be the second person: `Petra M. or deputy of the ISB`; a role that nobody holds by its name.

    Left out is who may not see the case, unless nobody else could. `without`: the name of the first person.
    """
    roles = policy.second_persons[rule].roles
    able = [name for role in roles for name in _people(policy, role.value, case, roles)]
    found = able + [name for role in roles if not policy.holders(role) for name in requirements.who(t, (role.value,))]
    left = [name for name in dict.fromkeys(found) if name != without]
    return common.either(t, left or [name for role in roles for name in requirements.who(t, (role.value,))])


def on_call(policy: Policy) -> tuple[str, ...]:
    """Whoever is paged first."""
    return tuple(common.one_line(one.name, 60) for one in policy.on_call()[:1])
