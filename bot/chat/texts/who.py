"""Who can help, by name where the policy or the case names them."""

from collections.abc import Iterable

from bot.chat.texts import common, requirements
from config.i18n import Translator
from config.policy.ids import CaseRole, Role, SecondPersonRule
from config.policy.models import Policy
from workflows.workflow import Case

PERSON = "person:"
_MOST = 4


def names(t: Translator, policy: Policy, codes: Iterable[str], case: Case | None = None) -> tuple[str, ...]:
    """The people behind role codes; the name of the role where nobody holds it, or where too many do."""
    found: dict[str, None] = {}
    for code in codes:
        found |= dict.fromkeys(_of(t, policy, code, case))
    return tuple(found)


def _of(t: Translator, policy: Policy, code: str, case: Case | None) -> tuple[str, ...]:
    if code.startswith(PERSON):
        return (_person(policy, code.removeprefix(PERSON), case),)
    if code in set(Role) and Role(code) is not Role.ENGINEER:
        holders = policy.holders(Role(code))
        if 0 < len(holders) <= _MOST:
            return tuple(common.one_line(one.name, 60) for one in holders)
    return requirements.who(t, (code,))


def _person(policy: Policy, key: str, case: Case | None) -> str:
    """A pseudonym, an id of the policy, or a name."""
    if case is not None and key in case.people:
        return common.one_line(case.name_of(next(one for one in case.people if one == key)), 60)
    known = policy.person_by(id=key)
    return common.one_line(known.name if known else key, 60)


def deciders(t: Translator, policy: Policy, rule: SecondPersonRule) -> str:
    """Who may be the second person: `Petra M. or Tom K.`; the roles where nobody holds them."""
    second = policy.second_persons[rule]
    return common.either(t, names(t, policy, (role.value for role in second.roles)))


def on_call(policy: Policy) -> tuple[str, ...]:
    """Whoever is paged first."""
    return tuple(common.one_line(one.name, 60) for one in policy.on_call()[:1])


def is_case_role(code: str) -> bool:
    """Whether a code names a role within a case."""
    return code in set(CaseRole)
