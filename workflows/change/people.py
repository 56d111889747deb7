"""Who is who across accounts and addresses (A.5.3): four-eyes rules count persons, never accounts.

An identity becomes a set of keys; two identities with a key in common are one person. A person of the policy brings
the keys of all their accounts. An identity without a key is unresolved, and nothing may be concluded from it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from config.policy.models import Policy, PolicyPerson
from workflows.change.facts import RequestFacts
from workflows.change.pushed import Push
from workflows.change.seen import Commit, Forge, Identity

Keys = frozenset[str]

_PERSON: Final = "person:"
_NOREPLY: Final = re.compile(r"^(?:(\d+)[+-])?([^@+\s]+)@users\.noreply\.([^@\s]+)$", re.IGNORECASE)
_HOSTS: Final[Mapping[str, Forge]] = {"github.com": Forge.GITHUB, "gitlab.com": Forge.GITLAB}
_BOT: Final = re.compile(r"\[bot\]$|^(?:project|group)_\d+_bot(?:\d*$|_)|^service_account_")
"""Logins that the forges give to machines: GitHub's apps, GitLab's access tokens of projects and groups."""
_NOBODY_LOGINS: Final = frozenset({"web-flow"})
_NOBODY_ADDRESSES: Final = frozenset({"noreply@github.com", "noreply@gitlab.com"})


def is_nobody(identity: Identity) -> bool:
    """Whether this is a forge's own committer: it stands for a click on the forge, not for a person."""
    login, email = (identity.login or "").casefold(), (identity.email or "").casefold()
    return login in _NOBODY_LOGINS or (email in _NOBODY_ADDRESSES and identity.id is None and not login)


def is_bot(identity: Identity, bots: Iterable[str] = ()) -> bool:
    """Whether the account is a machine's: by the forge's word, by its name, or by the policy's list of logins."""
    masked = _NOREPLY.match(identity.email or "")
    login = (identity.login or (masked.group(2) if masked else "")).casefold()
    return identity.bot or _BOT.search(login) is not None or login in {bot.casefold() for bot in bots}


def keys_of(identity: Identity, policy: Policy) -> Keys:
    """All keys of an identity; empty when it cannot be resolved to an account or a person."""
    accounts = {(identity.forge, identity.id, identity.login)}
    masked = _NOREPLY.match(identity.email or "")
    if masked:
        # A mirrored commit can bear the address of the other forge; a host of one's own is the forge it came from.
        accounts.add((_HOSTS.get(masked.group(3).casefold(), identity.forge), masked.group(1), masked.group(2)))
    keys = {key for account in accounts for key in _account_keys(*account)}
    for account in accounts:
        keys |= _person_keys(person_of(*account, policy))
    if identity.email and not masked:
        keys |= _person_keys(policy.person_by(email=identity.email))
    return frozenset(keys)


def person_of(forge: Forge, number: str | None, login: str | None, policy: Policy) -> PolicyPerson | None:
    """The person of the policy behind an account."""
    known = int(number) if number else None
    if forge is Forge.GITLAB:
        return policy.person_by(gitlab_id=known, gitlab=login)
    return policy.person_by(github_id=known, github_login=login)


def person_keys(person_id: str, policy: Policy) -> Keys:
    """All keys of somebody whom a case names by person id (`github:123` for those the policy does not name)."""
    return frozenset({f"{_PERSON}{person_id}", person_id}) | _person_keys(policy.person_by(id=person_id))


def is_known(identity: Identity, policy: Policy) -> bool:
    """Whether this is a person of the policy."""
    return any(key.startswith(_PERSON) for key in keys_of(identity, policy))


def has_left(identity: Identity, policy: Policy, by: datetime | None = None) -> bool:
    """Whether this is a person of the policy who is not there any more (A.6.5), under whichever account they act.

    `by`: at that moment already; None: now.
    """
    named = (key.removeprefix(_PERSON) for key in keys_of(identity, policy) if key.startswith(_PERSON))
    known = (policy.person_by(id=key) for key in named)
    return any(person is not None and policy.has_left(person, by) for person in known)


def everybody(commit: Commit) -> tuple[Identity, ...]:
    """Authors, co-authors and committer of a commit, without the forges' own."""
    listed = (*commit.authors, *commit.co_authors, *((commit.committer,) if commit.committer else ()))
    return tuple(identity for identity in listed if not is_nobody(identity))


def contributors(facts: RequestFacts, pushes: Iterable[Push] = ()) -> tuple[Identity, ...]:
    """Everybody who wrote or pushed in any version of the request.

    `pushes` are those of its commits that were told before there was a request; one to the base wrote nothing in it.
    A clean merge of the base adds nobody, neither by writing it nor by pushing it.
    """
    author = (facts.current.author,) if facts.current else ()
    clean = {commit.sha for commit in facts.commits if commit.clean_merge}
    patches = facts.patches
    written = (person for commit in facts.commits if commit.sha not in clean for person in everybody(commit))
    base = facts.current.base if facts.current else ""
    pushed = (
        push.pusher
        for push in (*facts.pushes, *(push for push in pushes if push.branch != base))
        if not is_nobody(push.pusher)
        and not (push.after in clean and push.before and patches.get(push.before) == patches.get(push.after, ""))
    )
    return tuple(dict.fromkeys((*author, *written, *pushed)))


def distinct(identities: Iterable[Identity], policy: Policy) -> tuple[tuple[Identity, Keys], ...]:
    """One identity per person, with all keys that person is known by here."""
    found: list[tuple[Identity, Keys]] = []
    for identity in identities:
        keys = keys_of(identity, policy)
        same = [item for item in found if item[1] & keys]
        merged = keys.union(*(item[1] for item in same))
        first = same[0][0] if same else identity
        found = [item for item in found if item not in same]
        found.append((first, merged))
    return tuple(found)


def shown(identity: Identity) -> str:
    """How to name somebody: the login, else the address."""
    return identity.login or identity.email or "?"


def _account_keys(forge: Forge, number: str | None, login: str | None) -> set[str]:
    keys = {f"{forge.value}:{number}"} if number else set()
    return keys | ({f"{forge.value}-login:{login.casefold()}"} if login else set())


def _person_keys(person: PolicyPerson | None) -> set[str]:
    if person is None:
        return set()
    github, gitlab = (str(number) if number else None for number in (person.github_id, person.gitlab_id))
    return (
        {f"{_PERSON}{person.id}"}
        | _account_keys(Forge.GITHUB, github, person.github_login)
        | _account_keys(Forge.GITLAB, gitlab, person.gitlab)
    )
