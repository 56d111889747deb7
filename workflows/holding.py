"""Who acts in a case: pseudonyms, roles held, and whether the case may be seen."""

from collections.abc import Mapping
from typing import Final

from config.policy.ids import CaseRole, Role
from workflows.access import may_see
from workflows.actors import Actor, Person, Pseudonym
from workflows.commands import Command
from workflows.decisions import Cast, Reason
from workflows.events import Erased, IdentityData
from workflows.refusals import NOT_ALLOWED
from workflows.registry import AnyWorkflow
from workflows.workflow import Case

RANKED: Final = (
    Role.ISB, Role.DEPUTY, Role.DPO, Role.MANAGEMENT, Role.RISK_OWNER, Role.RELEASE_MANAGER, Role.SERVICE_OWNER,
    Role.RESPONDER, Role.ADMIN, Role.AUDITOR,
)  # fmt: skip


def visible(workflow: AnyWorkflow, case: Case, actor: Actor) -> bool:
    """Whether this actor may see the case; the machine itself sees all."""
    return actor.person is None or may_see(held_roles(workflow, case, actor), case, on_duty=actor.on_duty)


def held_roles(workflow: AnyWorkflow, case: Case, actor: Actor) -> frozenset[Role | CaseRole]:
    """Standing roles and roles in this case. Everybody known is an engineer."""
    own: frozenset[CaseRole] = frozenset()
    if actor.person is not None:
        pseudonym = case.pseudonym_of(actor.person.id)
        own = workflow.roles_in(case, pseudonym) if pseudonym else frozenset()
    return frozenset({*actor.roles, Role.ENGINEER, *own})


def unauthorised(workflow: AnyWorkflow, case: Case, command: type[Command], actor: Actor) -> Reason | None:
    """Why the roles of an actor do not allow a command (A.5.15); None where they do. The machine itself may all."""
    allowed = workflow.access.get(command, frozenset())
    if actor.person is None or not allowed.isdisjoint(held_roles(workflow, case, actor)):
        return None
    return Reason(NOT_ALLOWED, subject=command.__name__, who=tuple(sorted(role.value for role in allowed)))


def leading_role(actor: Actor, own: frozenset[CaseRole]) -> Role | CaseRole | None:
    """The role an entry names: the one in the case before the standing ones, the most particular first."""
    if actor.person is None:
        return None
    in_case = next((role for role in CaseRole if role in own and role is not CaseRole.REPORTER), None)
    return in_case or next((role for role in RANKED if role in actor.roles), Role.ENGINEER)


def cast_of(
    case: Case, command: Command, actor: Actor, known: Mapping[str, Pseudonym] | None = None
) -> tuple[Cast, Mapping[Pseudonym, IdentityData]]:
    """Pseudonyms of the actor and of everybody the command names; the second part is whose identity has to be told.

    `known` are those whom the case recognises by more than what it discloses. A person whose identity was erased is
    told anew, under the same pseudonym, when they act or somebody names them; a machine never tells them again.
    """
    persons: list[Person] = [actor.person] if actor.person else []
    persons.extend(command.persons())
    cast = dict(known or {})
    introduced: dict[Pseudonym, IdentityData] = {}
    newcomers = 0
    for person in persons:
        pseudonym = cast.get(person.id) or case.pseudonym_of(person.id)
        if pseudonym is None:
            newcomers += 1
            pseudonym = Pseudonym(f"p{len(case.people) + newcomers}")
            introduced[pseudonym] = IdentityData(id=person.id, name=person.name)
        elif actor.person is not None and isinstance(case.people.get(pseudonym), Erased):
            introduced[pseudonym] = IdentityData(id=person.id, name=person.name)
        cast[person.id] = pseudonym
    return Cast(cast), introduced
