"""What the bot's token may do: every answer of Slack says it, so what an administrator adds is known at once."""

from collections.abc import Mapping
from typing import Any, Final

_HEADER: Final = "x-oauth-scopes"


class Scopes:
    """The scopes as Slack told them last; nothing is known before it said anything."""

    def __init__(self) -> None:
        self._told: frozenset[str] = frozenset()

    def note(self, headers: Mapping[str, Any] | None) -> None:
        """Keep what the headers of an answer say."""
        self._told = scopes_in(headers) or self._told

    def lacks(self, scope: str) -> bool:
        """Whether Slack said that this one is missing."""
        return bool(self._told) and scope not in self._told


def scopes_in(headers: Mapping[str, Any] | None) -> frozenset[str]:
    """The scopes that the headers of an answer name; none where they name none."""
    named = {str(name).lower(): value for name, value in (headers or {}).items()}
    told = named.get(_HEADER, "")
    text = ",".join(told) if isinstance(told, list) else str(told)
    return frozenset(one.strip() for one in text.split(",") if one.strip())
