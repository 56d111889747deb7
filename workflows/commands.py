"""Commands: what somebody wants, parsed and typed at the edge. No dict travels further than the parser."""

from dataclasses import dataclass

from workflows.actors import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Root of all commands. `case` is the number (`INC-2026-0042`), or empty where the command opens a case."""

    case: str = ""

    def persons(self) -> tuple[Person, ...]:
        """Everybody whom the command names besides its actor; they get pseudonyms."""
        return ()
