"""Nobody is named in a report: names of people are taken out of free text as well."""

import re
from collections.abc import Iterable
from typing import Final
from unicodedata import combining, normalize

from config.policy.models import Policy
from workflows.events import Erased, IdentityData
from workflows.incident.state import IncidentCase
from workflows.workflow import Case

SHORTEST: Final = 3
"""Shorter parts of a name would hit ordinary words, unless they are written as the name is."""
NO_NAMES: Final = frozenset({"root", "admin"})
"""Accounts, not people: without a policy whoever sits at the terminal goes by such a name."""
MENTION: Final = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>|(?<![\w.])@[\w.-]{2,40}+(?!/)")
ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
GENITIVE: Final = r"(?:['’]?s|['’])?"
GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


class Anonymiser:
    """Replaces known names, mentions and mail addresses by a placeholder."""

    def __init__(self, names: Iterable[str], placeholder: str) -> None:
        """`names` are full names, whose parts are replaced too, and accounts; in any case of their letters."""
        parts = {part for name in names for part in _parts(name)}
        long = _pattern(part for part in parts if len(part) >= SHORTEST)
        short = _pattern(part for part in parts if len(part) == SHORTEST - 1)
        self._patterns = (
            *((re.compile(long, re.IGNORECASE),) if long else ()),
            *((re.compile(short),) if short else ()),
        )
        self._placeholder = placeholder

    def __call__(self, text: str | Erased | None) -> str:
        """The text without names; empty where it was erased."""
        if text is None or isinstance(text, Erased):
            return ""
        cleaned = normalize("NFC", text)
        for pattern in (MENTION, ADDRESS, *self._patterns):
            cleaned = pattern.sub(lambda _: self._placeholder, cleaned)
        return cleaned


def _parts(name: str) -> frozenset[str]:
    """A name as people write it: whole, in parts, with and without its accents and umlauts. Accounts: whole alone."""
    whole = normalize("NFC", " ".join(name.split()))
    parts = {whole, *whole.split(), *re.split(r"[\s.-]+", whole)} if " " in whole else {whole}
    parts |= {part.translate(GERMAN) for part in parts}
    parts |= {"".join(mark for mark in normalize("NFD", part) if not combining(mark)) for part in parts}
    return frozenset(part for part in parts if part.casefold() not in NO_NAMES)


def _pattern(parts: Iterable[str]) -> str:
    listed = sorted(map(re.escape, parts), key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(listed)}){GENITIVE}(?!\w)" if listed else ""


def names_of(policy: Policy, cases: Iterable[Case]) -> frozenset[str]:
    """Everybody whom the policy or one of the cases knows, by name and account."""
    cases = tuple(cases)
    found = {who for case in cases for one in case.people.values() if isinstance(one, IdentityData)
             for who in (one.name, one.id)}  # fmt: skip
    found |= {case.reporter_name for case in cases if isinstance(case, IncidentCase)
              and isinstance(case.reporter_name, str)}  # fmt: skip
    for person in policy.people:
        accounts = (person.name, person.id, person.github_login, person.gitlab, person.os_user, person.slack)
        found |= {account for account in accounts if account}
    return frozenset(found)
