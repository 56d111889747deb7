"""Where the demonstration is shown: in a terminal with progress, or as one JSON object per step."""

import io
import json
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tests.demo.telling import Kind, Line

WIDEST = 108
_WHO = 15
_STYLES = {Kind.PERSON: "bold cyan", Kind.BOT: "bold green", Kind.PLACE: "bold magenta", Kind.OUTPUT: "bold yellow"}


class Screen(Protocol):
    """Shows steps."""

    def opening(self, text: str) -> None:
        """What this is."""

    @contextmanager
    def step(self, number: int, of: int, title: str) -> Iterator[None]:
        """A step goes on inside the block."""
        yield

    def line(self, line: Line) -> None:
        """Something was said or done."""

    def done(self, record: dict[str, Any]) -> None:
        """A step is over."""

    def closing(self, text: str) -> None:
        """Where to look next, or what went wrong."""


class Machine:
    """One JSON object per step on standard output, nothing else there."""

    def opening(self, text: str) -> None:
        """Nothing: machines know."""

    @contextmanager
    def step(self, number: int, of: int, title: str) -> Iterator[None]:
        """Nothing until it is over."""
        yield

    def line(self, line: Line) -> None:
        """Nothing until the step is over."""

    def done(self, record: dict[str, Any]) -> None:
        """The whole step."""
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def closing(self, text: str) -> None:
        """On standard error."""
        sys.stderr.write(text + "\n")


class Terminal:
    """For people. A spinner says what goes on, each line stands as soon as it is true."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def opening(self, text: str) -> None:
        """What this is."""
        self._print(Text(text, style="dim"))

    @contextmanager
    def step(self, number: int, of: int, title: str) -> Iterator[None]:
        """A heading, and a spinner below what has been said so far."""
        heading = Text.assemble((f"{number}/{of} ", "dim"), (title, "bold"))
        self.console.print()
        self._print(Rule(heading, align="left", style="dim"))
        with self.console.status(Text(title, style="dim")):
            yield

    def line(self, line: Line) -> None:
        """Who, and what."""
        self._print(rendered(line))

    def done(self, record: dict[str, Any]) -> None:
        """Nothing: all of it stands there."""

    def closing(self, text: str) -> None:
        """Where to look next, or what went wrong."""
        self.console.print()
        self._print(Text(text))

    def _print(self, what: RenderableType) -> None:
        self.console.print(what, width=min(self.console.width, WIDEST), highlight=False)


class Picture(Terminal):
    """The same for some steps, kept as a picture for the documentation."""

    def __init__(self, target: Path, steps: Collection[int]) -> None:
        super().__init__(Console(record=True, file=io.StringIO(), width=WIDEST, force_terminal=True))
        self.target = target
        self.steps = steps
        self._shown = False

    @contextmanager
    def step(self, number: int, of: int, title: str) -> Iterator[None]:
        """Only the chosen ones."""
        self._shown = number in self.steps
        if self._shown:
            self.console.print(Text.assemble((f"{number}/{of} ", "dim"), (title, "bold")))
        yield
        if self._shown:
            self.console.print()

    def opening(self, text: str) -> None:
        """Not in the picture."""

    def line(self, line: Line) -> None:
        """Who, and what."""
        if self._shown:
            super().line(line)

    def closing(self, text: str) -> None:
        """Written; without fonts from elsewhere."""
        plain = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
        self.console.save_svg(str(self.target), title="./run demo", code_format=plain, unique_id="demo")
        sys.stderr.write(text + "\n")


def rendered(line: Line) -> RenderableType:
    """A line in two columns; what a command printed stands below it."""
    if line.kind is Kind.NOTE:
        return Padding(Text(line.text, style="dim italic"), (0, 0, 0, _WHO + 1))
    if line.kind is Kind.OUTPUT:
        head = Text(f"$ {line.who}", style=_STYLES[line.kind])
        return Group(head, Padding(Text(line.text.rstrip()), (0, 0, 0, 2)))
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=_WHO, style=_STYLES[line.kind])
    table.add_column()
    buttons = Text(" ".join(f"[{label}]" for label in line.buttons), style="blue")
    table.add_row(Text(line.who), Group(Text(line.text), *([buttons] if line.buttons else [])))
    return table
