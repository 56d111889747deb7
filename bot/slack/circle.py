"""Who works on a case, as Slack users."""

from collections.abc import Iterator

from bot.slack.people import People
from config.policy.ids import CaseRole, Role, Visibility
from workflows.incident.effects import informs_dpo
from workflows.incident.paging import called
from workflows.incident.state import IncidentCase
from workflows.incident.waiting import is_waiting


def told_of_report(people: People, case: IncidentCase) -> tuple[str, ...]:
    """The same without whoever recorded it, to whom it is no news, and whoever is called to it: once is enough."""
    own = people.user_in(case, case.recorded_by) if case.recorded_by else None
    known = {own, *_called_at_once(people, case)}
    return tuple(user for user in concerned(people, case) if user not in known)


def _called_at_once(people: People, case: IncidentCase) -> Iterator[str | None]:
    if not is_waiting(case):
        return
    yield from (people.user_in(case, one.person) for one in case.called)
    if not case.called and people.policy.paging.steps[0].after_minutes == 0:
        yield from (one.slack for one in called(people.policy, case, 0))


def oversight(people: People) -> tuple[str, ...]:
    """Slack ids of the ISB and the deputies, as they are there today."""
    holders = people.policy.reachable(Role.ISB, Role.DEPUTY)
    return tuple(dict.fromkeys(one.slack for one in holders if one.slack))


def concerned(people: People, case: IncidentCase) -> tuple[str, ...]:
    """Slack ids of everybody who works on the case. Sealed: only those named.

    The data protection officer belongs to it where personal data is or may be affected and the team works on it.
    """
    named = [held.person for held in case.roles]
    if case.visibility is Visibility.SEALED:
        named = list(case.holders(CaseRole.NAMED))
    else:
        named += sorted(case.owners)
    if case.visibility is Visibility.TEAM:
        named += [one for one in (case.reporter, case.recorded_by) if one is not None]
    ids = [people.user_in(case, pseudonym) for pseudonym in named]
    if case.visibility is not Visibility.SEALED:
        today = people.policy
        privacy = today.reachable(Role.DPO) if informs_dpo(case) else ()
        ids += [*(one.slack for one in today.on_call()), *oversight(people), *(one.slack for one in privacy)]
    return tuple(dict.fromkeys(user for user in ids if user))
