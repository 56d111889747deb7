"""The paging ladder: who is called, one step after the other, until somebody looks after the report (A.5.26)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from config.policy.ids import Called, Role
from config.policy.models import Policy, PolicyPerson
from config.policy.today import PARTNERS
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.paging_commands import DeclinePage, Page
from workflows.incident.paging_events import Paged, PageDeclined
from workflows.incident.situation import Proposal
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import is_waiting, looked_after

Reasons = tuple[Reason, ...]


def due(policy: Policy, case: IncidentCase, step: int) -> datetime | None:
    """When a step is due, None when the ladder has no such step."""
    steps = policy.paging.steps
    if step >= len(steps) or case.waits_since is None:
        return None
    return case.waits_since + timedelta(minutes=steps[step].after_minutes)


def called(policy: Policy, case: IncidentCase, step: int) -> tuple[PolicyPerson, ...]:
    """Whom a step calls: nobody twice, and nobody who said that they cannot."""
    known = {page.person for page in case.called}
    left = [person for person in policy.on_call() if case.pseudonym_of(person.id) not in known]
    listed = (one for group in policy.paging.steps[step].who for one in _group(policy, group, left))
    return tuple(person for person in dict.fromkeys(listed) if case.pseudonym_of(person.id) not in known)


def _group(policy: Policy, group: Called, left: Iterable[PolicyPerson]) -> Iterator[PolicyPerson]:
    match group:
        case Called.ON_CALL_NEXT:
            yield from [*left][:1]
        case Called.ON_CALL_ALL:
            yield from left
        case Called.ISB:
            yield from _oversight(policy, Role.ISB)
        case Called.DEPUTY:
            yield from _oversight(policy, Role.DEPUTY)


def _oversight(policy: Policy, role: Role) -> tuple[PolicyPerson, ...]:
    return policy.reachable(role, able={role, *PARTNERS[role]})


def page(proposal: Proposal, command: Page) -> Reasons:
    """Call them, unless somebody looks after it by now. The same step calls nobody twice."""
    if not is_waiting(proposal.case):
        return (looked_after(proposal.case),)
    known = {one.person for one in proposal.case.called}
    for person in command.called:
        pseudonym = proposal.situation.of(person)
        if pseudonym is not None and pseudonym not in known:
            proposal.add(Paged(step=command.step, person=pseudonym))
    return () if proposal.happenings else (Reason(Code.ALREADY, subject="paged"),)


def decline(proposal: Proposal, command: DeclinePage) -> Reasons:
    """Say that one cannot: by who was called, once, while the report waits."""
    if not is_waiting(proposal.case):
        return (looked_after(proposal.case),)
    own = next((one for one in proposal.case.called if one.person == proposal.situation.me), None)
    if own is None:
        return (Reason(Code.NOT_CALLED, subject="paged"),)
    if own.declined_at is not None:
        return (Reason(Code.ALREADY, subject="page_declined"),)
    proposal.add(PageDeclined(reason=command.reason or None))
    return ()
