"""Where our cases live in Slack: ids of channels and messages, kept outside the evidence."""

from typing import Protocol


class Links(Protocol):
    """A small table of (scope, key) → value, written at once and outside any case's transaction."""

    def get(self, scope: str, key: str) -> str | None:
        """The value, None when there is none."""

    def keys_of(self, scope: str, value: str) -> list[str]:
        """The keys of a scope that have this value."""

    def remove(self, scope: str, key: str) -> None:
        """Remove it; nothing happens where there is none."""

    def put(self, scope: str, key: str, value: str) -> None:
        """Set or replace the value."""
