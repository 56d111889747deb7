"""Who can help, by name where the policy or the case names them."""

from collections.abc import Iterable

from bot.chat.texts import common, requirements
from config.i18n import Translator
from config.policy.ids import CaseRole, Role, SecondPersonRule
from config.policy.models import Policy
from workflows.registry import WORKFLOWS
from workflows.workflow import Case

PERSON = "person:"
_MOST = 4


def names(t: Translator, policy: Policy, codes: Iterable[str], case: Case | None = None) -> tuple[str, ...]:
    """The people behind role codes; names of roles only where nobody is known by name."""
    listed = tuple(codes)
    people = dict.fromkeys(name for code in listed for name in _people(policy, code, case, listed))
    if 0 < len(people) <= _MOST:
        return tuple(people)
    return tuple(dict.fromkeys((*(n for c in listed if c.startswith(PERSON) for n in _people(policy, c, case)),
                                *requirements.who(t, listed))))  # fmt: skip


def _people(policy: Policy, code: str, case: Case | None, able: Iterable[str] = ()) -> tuple[str, ...]:
    """Whom a code names today; `able` are the codes of which a deputy must hold one."""
    if code.startswith(PERSON):
        return (_person(policy, code.removeprefix(PERSON), case),)
    if code in set(Role) and Role(code) is not Role.ENGINEER:
        return tuple(common.one_line(one.name, 60) for one in policy.reachable(Role(code), able=_roles(able)))
    if code in set(CaseRole) and case is not None:
        return _holders(case, CaseRole(code))
    return ()


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


def deciders(t: Translator, policy: Policy, rule: SecondPersonRule, *, without: str = "") -> str:
    """Who may be the second person: `Petra M. or deputy of the ISB`; a role that nobody holds by its name.

    `without`: the name of the first person.
    """
    found: list[str] = []
    roles = policy.second_persons[rule].roles
    for role in roles:
        found += _people(policy, role.value, None, roles) or requirements.who(t, (role.value,))
    return common.either(t, [name for name in dict.fromkeys(found) if name != without])


def on_call(policy: Policy) -> tuple[str, ...]:
    """Whoever is paged first."""
    return tuple(common.one_line(one.name, 60) for one in policy.on_call()[:1])
