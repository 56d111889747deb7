"""Foreign text inside ours: shown exactly, but without effect. No mention, no Markdown, no HTML, no line of its own."""

import re
from collections.abc import Mapping
from typing import Final

from workflows.change.seen import Forge

_LOGINS: Final[Mapping[Forge, re.Pattern[str]]] = {
    Forge.GITHUB: re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$"),
    Forge.GITLAB: re.compile(r"^(?!all$)[A-Za-z0-9_](?:[A-Za-z0-9_]|[.-](?=[A-Za-z0-9_])){0,254}$", re.IGNORECASE),
}
"""GitLab's `@all` would notify everybody in the project."""
_MOST: Final = 80


def one_line(text: str, most: int = _MOST) -> str:
    """Without line breaks and control characters (also those that turn the direction of writing), cut with a mark."""
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def code(text: str, most: int = _MOST) -> str:
    """As a code span, in which the forges neither mention anybody nor read Markdown or HTML."""
    flat = one_line(text, most)
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{flat or '?'}{space}{fence}"


def mention(login: str, forge: Forge) -> str:
    """An account as a mention; whatever is no login stands there without effect."""
    return f"@{login}" if _LOGINS[forge].match(login) else code(login)
