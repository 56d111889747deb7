"""People, their roles and identities, and who may be the second person (A.5.2, A.5.3)."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StrictInt, StringConstraints
from pydantic.fields import Field
from pydantic_core import PydanticCustomError

from config.policy.absences import Absences
from config.policy.base import FrozenSet, Id, Line, PolicyModel
from config.policy.ids import Fallback, Role

Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@\\$-]{0,99}(\[bot\])?$")]
SlackId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{2,20}$")]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
ForgeId = Annotated[StrictInt, Field(ge=1, le=2**53 - 1)]


def _with_engineer(roles: frozenset[Role]) -> frozenset[Role]:
    """Everybody known is an engineer, except those who only audit."""
    return roles if roles == {Role.AUDITOR} else roles | {Role.ENGINEER}


def _not_read_only(role: Role) -> Role:
    """Auditors only read and administrators see no case, so neither decides anything, nor is a second person."""
    if role in {Role.AUDITOR, Role.ADMIN}:
        raise PydanticCustomError("not_a_second_person", "role cannot be a second person", {"found": role.value})
    return role


ActingRole = Annotated[Role, AfterValidator(_not_read_only)]
"""A role that decides."""


class PolicyPerson(PolicyModel):
    """One person with all accounts that are theirs. Four-eyes rules count persons, never accounts."""

    id: Id
    name: Line
    roles: Annotated[FrozenSet[Role], AfterValidator(_with_engineer)] = frozenset({Role.ENGINEER})
    slack: SlackId | None = None
    github_login: Login | None = None
    github_id: ForgeId | None = None
    gitlab: Login | None = None
    gitlab_id: ForgeId | None = None
    os_user: Login | None = None
    emails: tuple[Email, ...] = ()
    locale: Literal["de", "en"] | None = None
    away: Absences = ()

    def holds(self, *roles: Role) -> bool:
        """Whether the person holds one of these standing roles."""
        return not self.roles.isdisjoint(roles)

    def granted(self, roles: frozenset[Role]) -> Self:
        """The same person with these roles as well; who audits only reads, and gets none."""
        if roles <= self.roles or self.holds(Role.AUDITOR):
            return self
        return self.model_copy(update={"roles": self.roles | roles})


class SecondPerson(PolicyModel):
    """Who may be the second person of one rule, and what happens where nobody else can."""

    roles: Annotated[tuple[ActingRole, ...], Field(min_length=1)]
    fallback: Fallback = Fallback.NONE
