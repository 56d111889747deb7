"""The five answers of `wachbuch init`: what each may be, and why one is not taken. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from config.i18n import Translator
from config.policy.base import Line
from config.policy.persons import Login, SlackId
from config.policy.secrets import looks_secret

LARGEST: Final = 10_000_000
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LANGUAGES: Final = {"de": "de", "deutsch": "de", "german": "de", "en": "en", "english": "en", "englisch": "en"}
_NOBODY: Final = frozenset({"", "-", "–", "none", "nobody", "niemand", "keine", "keiner"})
_NO_SLACK: Final = frozenset({"", "-", "none", "no", "n", "nein", "kein", "keins"})
_SLACK_LIKE: Final = re.compile(r"[UW][A-Z0-9]*[0-9][A-Z0-9]*")


class Way(StrEnum):
    """How Slack is to be connected."""

    NONE = "none"
    SOCKET = "socket"
    HTTP = "http"


class NotTaken(Exception):
    """An answer that cannot stand; the text says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person as answered: a name, and accounts as far as they were given."""

    id: str
    name: str
    slack: str = ""
    os_user: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers. `size` is a number of people; a person may be nobody yet."""

    language: str
    size: int
    isb: Named | None
    deputy: Named | None
    slack: Way


Reader = Callable[[str, Translator], Any]


def language(text: str, t: Translator) -> str:
    """`de` or `en`. Raises NotTaken."""
    found = _LANGUAGES.get(text.strip().casefold())
    if found is None:
        raise NotTaken(t.gettext("Please answer de or en."))
    return found


def size(text: str, t: Translator) -> int:
    """A whole number of people. Raises NotTaken."""
    digits = text.strip().replace(".", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits[:12]) <= LARGEST):
        raise NotTaken(t.gettext("A whole number is needed, at least 1."))
    return int(digits)


def person(text: str, t: Translator) -> Named | None:
    """`Name[, Slack member id][, OS account]`; None for nobody. Raises NotTaken."""
    if text.strip().casefold() in _NOBODY:
        return None
    if looks_secret(text):
        raise NotTaken(t.gettext("This looks like a secret. Only a name and account names belong here."))
    name, *accounts = (part.strip() for part in text.split(","))
    _fits(Line, name, t.gettext("A name is needed first, of at most 200 characters."))
    slack = os_user = ""
    for account in accounts:
        if _SLACK_LIKE.fullmatch(account) and not slack:
            why = t.gettext("A Slack member id looks like U0123ABCD (profile, “Copy member ID”).")
            slack = _fits(SlackId, account, why)
        elif account and not os_user:
            os_user = _fits(Login, account, t.gettext("“{word}” is no account name.").format(word=account[:40]))
        elif account:
            raise NotTaken(t.gettext("Only one Slack member id and one account of this machine can be given."))
    return Named(_id_of(name), name, slack, os_user)


def slack(text: str, t: Translator) -> Way:
    """One of the ways. Raises NotTaken."""
    word = text.strip().casefold()
    if word in _NO_SLACK:
        return Way.NONE
    if word not in set(Way):
        raise NotTaken(t.gettext("Please answer socket, http or none."))
    return Way(word)


READERS: Final[Mapping[str, Reader]] = {
    "language": language,
    "size": size,
    "isb": person,
    "deputy": person,
    "slack": slack,
}
"""How each answer is read, in the order in which they are asked."""


def distinct(isb: Named | None, deputy: Named | None, t: Translator) -> Named | None:
    """The deputy with an id of their own. Raises NotTaken where it is the same person as the ISB (A.5.3)."""
    if isb is None or deputy is None:
        return deputy
    shared = {isb.slack, isb.os_user} & {deputy.slack, deputy.os_user} - {""}
    if isb.name.casefold() == deputy.name.casefold() or shared:
        raise NotTaken(t.gettext("The deputy has to be somebody else: rules that take two persons take two."))
    if deputy.id != isb.id:
        return deputy
    return Named(f"{deputy.id[:40]}-2", deputy.name, deputy.slack, deputy.os_user)


def _fits(kind: Any, value: str, why: str) -> str:
    try:
        return str(TypeAdapter(kind).validate_python(value))
    except ValidationError as error:
        raise NotTaken(why) from error


def _id_of(name: str) -> str:
    """The first name as an id of the policy: `Jörg M.` → `joerg`."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_UMLAUTS))
    words = re.findall(r"[a-z][a-z0-9]*", plain.encode("ascii", "ignore").decode())
    return words[0][:40] if words else "person"
