"""The paging ladder: who is called, one step after the other, until somebody looks after the report (A.5.26).

Its rounds are one row of steps that counts on: with three steps, step 3 is the first one of the second round. After the
last round (`end`) nobody is called any more; what is due from then on are reminders.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from config.policy.ids import Called, Role
from config.policy.models import Policy, PolicyPerson
from config.policy.today import PARTNERS
from workflows.actors import Pseudonym
from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.paging_commands import DeclinePage, NoteUnanswered, Page
from workflows.incident.paging_events import Paged, PageDeclined, Unanswered
from workflows.incident.situation import Proposal
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import is_waiting, looked_after

Reasons = tuple[Reason, ...]


def due(policy: Policy, case: IncidentCase, step: int) -> datetime | None:
    """When a step is due, or what comes after the last; None when there is none, as no reminder of a drill."""
    ladder = policy.paging
    beyond = step - ladder.end
    if case.waits_since is None or (beyond > 0 and case.drill):
        return None
    if beyond >= 0:
        minutes = ladder.rounds * ladder.round_minutes + beyond * ladder.remind_minutes
    else:
        turn, place = divmod(step, len(ladder.steps))
        minutes = turn * ladder.round_minutes + ladder.steps[place].after_minutes
    return case.waits_since + timedelta(minutes=minutes)


def following(policy: Policy, case: IncidentCase, step: int, now: datetime) -> datetime | None:
    """When the step after this one is due, which is taken `now`.

    What was missed in the first round is made up for at once. From then on the waits are kept: after an outage nobody
    is called three times in a row.
    """
    at, after = due(policy, case, step), due(policy, case, step + 1)
    if at is None or after is None or not _round_of(policy, step + 1):
        return after
    return max(after, now + (after - at))


def step_after(case: IncidentCase, at: datetime) -> int:
    """The step that follows those which had called somebody by then, since the report waits."""
    return max((page.step for page in case.called if page.at <= at), default=-1) + 1


def begins_round(policy: Policy, step: int) -> bool:
    """Whether a step is the first one of a round, or the end of all."""
    return step % len(policy.paging.steps) == 0


def _round_of(policy: Policy, step: int) -> int:
    return step // len(policy.paging.steps)


def called(policy: Policy, case: IncidentCase, step: int) -> tuple[PolicyPerson, ...]:
    """Whom a step calls: nobody twice in one round, and nobody who said that they cannot."""
    known = _not_again(policy, case, step)
    left = [person for person in policy.on_call() if case.pseudonym_of(person.id) not in known]
    who = policy.paging.steps[step % len(policy.paging.steps)].who
    listed = (one for group in who for one in _group(policy, group, left))
    return tuple(person for person in dict.fromkeys(listed) if case.pseudonym_of(person.id) not in known)


def is_again(case: IncidentCase, person: Pseudonym, at: datetime) -> bool:
    """Whether somebody who was called then had been called before, while the report waits."""
    return any(page.person == person and page.at < at for page in case.called)


def is_nobody_left(policy: Policy, case: IncidentCase) -> bool:
    """Whether everybody on the ladder has said that they cannot."""
    declined = {page.person for page in case.called if page.declined_at is not None}
    groups = {group for step in policy.paging.steps for group in step.who}
    listed = (one for group in groups for one in _group(policy, group, policy.on_call(), everybody=True))
    return bool(declined) and all(case.pseudonym_of(one.id) in declined for one in listed)


def _not_again(policy: Policy, case: IncidentCase, step: int) -> frozenset[Pseudonym]:
    """Whom this step does not call: who was called in its round, and who said that they cannot."""
    asked = _round_of(policy, step)
    return frozenset(
        page.person for page in case.called if page.declined_at is not None or _round_of(policy, page.step) == asked
    )


def _group(
    policy: Policy, group: Called, left: Iterable[PolicyPerson], *, everybody: bool = False
) -> Iterator[PolicyPerson]:
    match group:
        case Called.ON_CALL_NEXT if not everybody:
            yield from [*left][:1]
        case Called.ON_CALL_NEXT | Called.ON_CALL_ALL:
            yield from left
        case Called.ISB:
            yield from _oversight(policy, Role.ISB)
        case Called.DEPUTY:
            yield from _oversight(policy, Role.DEPUTY)


def _oversight(policy: Policy, role: Role) -> tuple[PolicyPerson, ...]:
    return policy.reachable(role, able={role, *PARTNERS[role]})


def page(proposal: Proposal, command: Page) -> Reasons:
    """Call them, unless somebody looks after it by now. The same round calls nobody twice."""
    if not is_waiting(proposal.case):
        return (looked_after(proposal.case),)
    known = _not_again(proposal.situation.policy, proposal.case, command.step)
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


def note_unanswered(proposal: Proposal, _command: NoteUnanswered) -> Reasons:
    """Put on record that all calls were in vain, once while the report waits."""
    if not is_waiting(proposal.case):
        return (looked_after(proposal.case),)
    if proposal.case.unanswered is not None:
        return (Reason(Code.ALREADY, subject="unanswered"),)
    proposal.add(Unanswered())
    return ()
