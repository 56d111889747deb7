"""What a verdict's text says beside the verdict: whose change it is, and who could help."""

from datetime import datetime

from bot.forge.standing import Standing
from config.policy.models import Policy
from config.policy.persons import PolicyPerson
from integrations.telling.texts import Surroundings
from workflows.change.facts import RequestFacts
from workflows.change.seen import Forge, Identity
from workflows.events import plain


def surroundings(
    policy: Policy, found: Standing, now: datetime, details_url: str = "", *, advisory: bool = False
) -> Surroundings:
    """The surroundings of a verdict. Named as able to approve are those who are there and wrote nothing in the request.

    `policy` is that of today. Where everybody is away, those who are away are named: better late than nobody.
    """
    wrote = _contributors(found.facts)
    logins = {person.id: login for person in policy.people if (login := _login(person, found.linked.forge))}
    still = [one for one in policy.people if one.id in logins and not policy.has_left(one)]
    others = [one for one in still if logins[one.id].casefold() not in wrote]
    able = tuple(logins[one.id] for one in [one for one in others if policy.today.absence(one) is None] or others)
    return Surroundings(
        forge=found.linked.forge,
        number=found.case.number,
        at=now,
        zone=policy.zone,
        title=plain(found.case.title),
        able=able,
        logins={**logins, **{f"person:{key}": login for key, login in logins.items()}},
        details_url=details_url,
        advisory=advisory,
    )


def _login(person: PolicyPerson, forge: Forge) -> str | None:
    return person.gitlab if forge is Forge.GITLAB else person.github_login


def _contributors(facts: RequestFacts) -> frozenset[str]:
    people: list[Identity | None] = [facts.current.author if facts.current else None]
    for commit in facts.commits:
        people += [*commit.authors, commit.committer, *commit.co_authors]
    people += [push.pusher for push in facts.pushes]
    return frozenset(one.login.casefold() for one in people if one is not None and one.login)
