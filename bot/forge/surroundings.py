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
    """The surroundings of a verdict. People who wrote in the request are not named as able to approve it."""
    wrote = _contributors(found.facts)
    logins = {person.id: login for person in policy.people if (login := _login(person, found.linked.forge))}
    able = tuple(login for login in logins.values() if login.casefold() not in wrote)
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
