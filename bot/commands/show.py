"""What commands print: texts for people on a terminal, JSON for machines. Errors go to standard error."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import typer

from bot.commands.exits import Exit


@dataclass(frozen=True, slots=True)
class Shown:
    """One output: as JSON when asked for, else as lines."""

    as_json: bool

    def result(self, data: Mapping[str, Any], lines: list[str]) -> None:
        """Print a result."""
        if self.as_json:
            sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")
            return
        sys.stdout.write("\n".join(lines) + "\n")


def fail(what: str, why: str = "", then: str = "", code: Exit = Exit.ENVIRONMENT) -> NoReturn:
    """End with an error: what went wrong, why, what to do next."""
    sys.stderr.write("\n".join(part for part in (what, why, then) if part) + "\n")
    raise typer.Exit(int(code))
