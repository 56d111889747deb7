"""People whose account in Slack is closed: they are not there any more, whatever a policy or a case still says.

A.6.5: who leaves hands over what they carry. Their names in cases and in the ledger stay (A.5.28).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from config.policy.models import Policy, PolicyPerson
from workflows.actors import Actor, PersonId, Source
from workflows.change.facts import RequestFacts
from workflows.change.people import person_of as by_account
from workflows.change.seen import RequestKey
from workflows.change.state import ChangeCase
from workflows.events import Event, Text
from workflows.factbook import Mark, enqueue
from workflows.groups import Known, grants
from workflows.incident.items import Corrective, Task
from workflows.incident.state import IncidentCase
from workflows.incident.terms import CorrectiveState
from workflows.ledger.kinds import EntryKind
from workflows.pointers import CORRECTIVE_OPEN
from workflows.registry import read_case
from workflows.store.reads import Reads
from workflows.store.rows import CaseFilter
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import ENDED

LEFT: Final = "slack.left"
"""Link scope: Slack user whose account is closed → id of the person where that is on the ledger, else empty."""
LEFT_AT: Final = "slack.left_at"
"""Link scope: the same Slack user → since when that is known here (ISO 8601, UTC)."""
UNNAMED: Final = "slack:"
"""Before the Slack user in the id of a person whom the policy does not name."""


class PersonLeft(Event):
    """The account of somebody who has a part here was closed in Slack (A.5.18, A.6.5)."""

    kind: ClassVar[EntryKind] = EntryKind.PERSON_LEFT
    controls: ClassVar[tuple[str, ...]] = ("A.5.18", "A.6.5")
    person: Text


class PersonReturned(Event):
    """The account is open again; what was theirs is theirs."""

    kind: ClassVar[EntryKind] = EntryKind.PERSON_RETURNED
    controls: ClassVar[tuple[str, ...]] = ("A.5.18",)
    person: Text


@dataclass(frozen=True, slots=True)
class Carried:
    """What somebody still carries in one incident."""

    case: IncidentCase
    leads: bool
    tasks: tuple[Task, ...]
    correctives: tuple[Corrective, ...]

    @property
    def count(self) -> int:
        """How many things."""
        return int(self.leads) + len(self.tasks) + len(self.correctives)


def today(policy: Policy, links: Known, now: datetime) -> Policy:
    """The policy as of now: who is away is stood in for, who left is not there, user groups grant their roles."""
    left = links.some(LEFT, (person.slack for person in policy.people if person.slack))
    since = links.some(LEFT_AT, left) if left else {}
    gone = {user: datetime.fromisoformat(since[user]) if user in since else None for user in left}
    return policy.as_of(now, gone, grants(policy, links))


def has_left(policy: Policy, links: Known, actor: Actor) -> bool:
    """Whether the Slack user who acts has a closed account: it speaks for nobody, and its sessions are over.

    Other ways in are not Slack's.
    """
    if actor.source not in {Source.SLACK, Source.CONSOLE} or actor.person is None:
        return False
    known = policy.person_by(id=actor.person.id)
    user = known.slack if known is not None else actor.person.id.removeprefix(UNNAMED)
    return bool(user) and links.get(LEFT, str(user)) is not None


def person_of(policy: Policy, user: str) -> PersonId:
    """The person behind a Slack user."""
    known = policy.person_by(slack=user)
    return PersonId(known.id if known is not None else f"{UNNAMED}{user}")


def judge_anew(uow: UnitOfWork, user: str, policy: Policy, cause: str) -> None:
    """Have the open requests that somebody approved judged again: from now on that counts no more, or does again."""
    gone = policy.person_by(slack=user)
    if gone is None:
        return
    for row in Reads(uow.connection).all_cases(CaseFilter(workflow="change", without_states=ENDED)):
        case = read_case(row)
        for request in case.requests if isinstance(case, ChangeCase) else ():
            if not request.merged and gone in _approvers(uow, request.ref, policy):
                enqueue(uow, Mark(request.ref, cause))


def _approvers(uow: UnitOfWork, request: RequestKey, policy: Policy) -> tuple[PolicyPerson | None, ...]:
    row = uow.facts.get("request", str(request))
    reviews = RequestFacts.model_validate_json(row.doc).reviews if row else ()
    return tuple(by_account(one.reviewer.forge, one.reviewer.id, one.reviewer.login, policy) for one in reviews)


def carried_by(reads: Reads, person: PersonId) -> Iterator[Carried]:
    """What is open of somebody, also in incidents that are over: corrective actions outlive them."""
    rows = list(reads.all_cases(CaseFilter(workflow="incident", without_states=ENDED)))
    known = {row.number for row in rows}
    rows += [row for number in reads.links.of(CORRECTIVE_OPEN) if number not in known and (row := reads.case(number))]
    for case in map(read_case, rows):
        found = _carried(case, person) if isinstance(case, IncidentCase) else None
        if found is not None and found.count:
            yield found


def _carried(case: IncidentCase, person: PersonId) -> Carried | None:
    own = case.pseudonym_of(person)
    if own is None:
        return None
    return Carried(
        case,
        leads=case.lead == own and case.state.is_open,
        tasks=tuple(one for one in case.open_tasks if one.owner == own),
        correctives=tuple(one for one in case.correctives if one.owner == own and one.state is CorrectiveState.OPEN),
    )
