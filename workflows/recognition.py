"""Who is who in a case, also under another of their ids, and after their identity was erased (A.5.3).

Erasing the name of somebody who goes on working in the case must not make two persons of one: nobody may be the second
person of their own step. As long as a case may still move, it therefore keeps a digest of the erased id beside its
pseudonym (GDPR Art. 17(3)(b)); it goes once the case is over.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from config.policy.models import Policy
from workflows.actors import Pseudonym
from workflows.events import Erased, IdentityData
from workflows.store.links import LinkReads, Links
from workflows.store.unit_of_work import UnitOfWork
from workflows.workflow import ENDED, Case

ERASED_PERSON: Final = "erased_person"
"""Link scope: id of a case → digests of erased person ids with their pseudonyms, as JSON."""
QUIET: Final = timedelta(days=90)
"""An ended case can be reopened, and its measures are checked later: it counts as over after so long without a word."""


def ids_of(person_id: str, policy: Policy) -> tuple[str, ...]:
    """All ids that a person can have: the policy's, and those of their accounts from before they stood in it."""
    person = policy.person_by(id=person_id)
    if person is None:
        return (person_id,)
    accounts = {
        "slack": person.slack,
        "github": person.github_id,
        "gitlab": person.gitlab_id,
        "os": person.os_user,
    }
    return (person_id, *(f"{system}:{account}" for system, account in accounts.items() if account))


def recognised(links: LinkReads, case: Case, persons: Iterable[str], policy: Policy) -> dict[str, Pseudonym]:
    """The pseudonyms of those of these persons, and of the policy's, whom the case knows already."""
    if not case.people:
        return {}
    known = {who.id: pseudonym for pseudonym, who in case.people.items() if isinstance(who, IdentityData)}
    has_erased = any(isinstance(who, Erased) for who in case.people.values())
    marks = _marks(links, case.id) if has_erased else {}
    found: dict[str, Pseudonym] = {}
    for person_id in dict.fromkeys((*persons, *(person.id for person in policy.people))):
        for one in ids_of(person_id, policy):
            pseudonym = known.get(one) or (marks.get(_digest(case.id, one)) if marks else None)
            if pseudonym is not None:
                found.setdefault(person_id, pseudonym)
    return found


def remember(links: Links, case_id: UUID, person_id: str, pseudonym: str) -> None:
    """Keep who this pseudonym is, without saying it."""
    marks = {**_marks(links, case_id), _digest(case_id, person_id): pseudonym}
    links.put(ERASED_PERSON, str(case_id), json.dumps(marks, sort_keys=True))


def forget_over(uow: UnitOfWork, now: datetime) -> None:
    """Remove what cases that are over kept to recognise the erased."""
    for case_id in uow.links.of(ERASED_PERSON):
        row = uow.load_case_by_id(UUID(case_id))
        if row is None or (row.state in ENDED and row.updated_at < now - QUIET):
            uow.links.remove(ERASED_PERSON, case_id)


def _marks(links: LinkReads, case_id: UUID) -> Mapping[str, Pseudonym]:
    kept = links.get(ERASED_PERSON, str(case_id))
    return {mark: Pseudonym(name) for mark, name in json.loads(kept).items()} if kept else {}


def _digest(case_id: UUID, person_id: str) -> str:
    """Another in each case, so that nobody can be followed from one case to the next."""
    return sha256(f"{case_id}\n{person_id}".encode()).hexdigest()
