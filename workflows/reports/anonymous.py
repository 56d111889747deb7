"""Nobody is named in a report: names of people are taken out of free text as well."""

import re
from collections.abc import Iterable
from typing import Final

from config.policy.models import Policy
from workflows.events import Erased, IdentityData
from workflows.workflow import Case

SHORTEST: Final = 3
"""Shorter parts of a name would hit ordinary words."""
MENTION: Final = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>|(?<![\w.])@[\w.-]{2,40}")
ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Anonymiser:
    """Replaces known names, mentions and mail addresses by a placeholder."""

    def __init__(self, names: Iterable[str], placeholder: str) -> None:
        """`names` are full names; their parts are replaced too."""
        parts = {part for name in names for part in (name, *name.replace(".", " ").split()) if len(part) >= SHORTEST}
        listed = sorted(map(re.escape, parts), key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)", re.IGNORECASE) if listed else None
        self._placeholder = placeholder

    def __call__(self, text: str | Erased | None) -> str:
        """The text without names; empty where it was erased."""
        if text is None or isinstance(text, Erased):
            return ""
        cleaned = ADDRESS.sub(self._placeholder, MENTION.sub(self._placeholder, text))
        return self._names.sub(self._placeholder, cleaned) if self._names else cleaned


def names_of(policy: Policy, cases: Iterable[Case]) -> frozenset[str]:
    """Everybody whom the policy or one of the cases knows."""
    in_cases = (who.name for case in cases for who in case.people.values() if isinstance(who, IdentityData))
    return frozenset({*(person.name for person in policy.people), *in_cases})
