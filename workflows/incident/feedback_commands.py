"""The command about how a case went."""

from dataclasses import dataclass

from workflows.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFeedback(Command):
    """Say what was tedious about the process, and what would help: whoever may see the case, as often as they like."""

    text: str
