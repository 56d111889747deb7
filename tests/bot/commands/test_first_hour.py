"""`docs/first-hour.md` is true: each of its commands, in its order, with the answers that it gives."""

import io
import os
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli import main
from tests.running import ROOT, clean_environment, end, free_port, spawn, wait_until_ready

PAGE = (ROOT / "docs" / "first-hour.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SKIPPED = ("git clone",)
PERSON = "petra"
ON_THE_PAGE = "INC-2026-0001"
ENOUGH = 200
"""More answers than any form asks for."""


class Typist(io.StringIO):
    """Reads what the terminal asks, and types the page's answer; an empty line to what the page does not name."""

    def __init__(self, screen: io.StringIO, answers: Mapping[str, str]) -> None:
        super().__init__()
        self.screen, self.answers = screen, answers
        self.used: set[str] = set()
        self.reads = 0

    def readline(self, *_: object) -> str:  # type: ignore[override]
        """One answer: to the last line that is no option."""
        self.reads += 1
        assert self.reads < ENOUGH, f"asked again and again:\n{self.screen.getvalue()[-3000:]}"
        lines = [line for line in self.screen.getvalue().splitlines() if not re.match(r"\s+\d+\. ", line)]
        asked = lines[-2].removeprefix("> ") if len(lines) > 1 else ""
        found = [label for label in self.answers if asked.startswith(label)]
        self.used |= set(found)
        return (self.answers[found[0]] if found else "") + "\n"


@dataclass
class Reader:
    """Somebody who does what the page says."""

    environment: pytest.MonkeyPatch
    variables: dict[str, str] = field(default_factory=dict)
    case: str = ON_THE_PAGE
    """The number that it really got: the year is this one."""

    def follow(self, line: str, answers: Mapping[str, str]) -> tuple[int, str]:
        """Type one line."""
        line = line.replace("$USER", PERSON).replace(ON_THE_PAGE, self.case)
        for name, value in self.variables.items():
            line = line.replace(f"${name}", value)
        kept = re.fullmatch(r"(\w+)=\$\((.*)\)", line)
        given = re.match(r"(\w+)=(\S+) (\./run .*)", line)
        if kept:
            code, out = self._run(kept[2], {})
            self.variables[kept[1]] = out.strip()
            return code, out
        if given:
            with self.environment.context() as during:
                during.setenv(given[1], given[2])
                return self._run(given[3], answers)
        return self._run(line, answers)

    def _run(self, line: str, answers: Mapping[str, str]) -> tuple[int, str]:
        program, *arguments = shlex.split(line)
        assert program == "./run", line
        screen = io.StringIO()
        typist = Typist(screen, answers)
        with self.environment.context() as during:
            during.setattr(sys, "stdout", screen)
            during.setattr(sys, "stdin", typist)
            code = main(arguments)
        self.case = next(iter(re.findall(r"INC-\d{4}-0001", screen.getvalue())), self.case)
        assert typist.used == set(answers), f"never asked: {set(answers) - typist.used}\n{screen.getvalue()}"
        return code, screen.getvalue()


def steps() -> list[tuple[str, dict[str, str]]]:
    """Every command of the page with the answers that follow it."""
    found: list[tuple[str, dict[str, str]]] = []
    for kind, content in BLOCK.findall(PAGE):
        if kind == "sh":
            found += [(line, {}) for line in content.splitlines() if not line.startswith(SKIPPED)]
        if kind == "text":
            pairs = (re.split(r"\s{2,}|(?<=\?) ", line, maxsplit=1) for line in content.splitlines())
            found[-1][1].update({label.strip(): answer.strip() for label, answer in pairs})
    return found


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    for name in [name for name in os.environ if name.startswith(("WACHBUCH_", "SLACK_", "GITHUB_", "GITLAB_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pwd.getpwuid", lambda _: SimpleNamespace(pw_name=PERSON))
    return Reader(monkeypatch)


def promised(folder: Path) -> None:
    """What the page has edited by hand."""
    (line,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    policy = folder / "policy" / "policy.yaml"
    mine = re.compile(r"^  - \{id: petra.*\}\n", re.MULTILINE)
    text, count = mine.subn(line.replace("YOU", PERSON), policy.read_text())
    assert count == 1, "the line to change stands there as the page says"
    policy.write_text(text)


@pytest.mark.full
def test_every_command_of_the_page_does_what_it_says(reader: Reader, tmp_path: Path) -> None:
    port = free_port()
    told = {"WACHBUCH_POLICY_DIR": str(tmp_path / "policy"), "WACHBUCH_DATA_DIR": str(tmp_path / "data")}
    log, serving, said = tmp_path / "service.log", None, []
    try:
        for line, answers in steps():
            if line == "./run policy check":
                promised(tmp_path)
            if line == "./run serve":
                environment = clean_environment({**told, "WACHBUCH_PORT": str(port)})
                serving = spawn(["bot", "serve"], environment, log)
                wait_until_ready(serving, f"http://127.0.0.1:{port}", log)
                continue
            code, out = reader.follow(line, answers)
            assert code == 0, f"{line}\n{out}"
            said.append((line, out))
    finally:
        if serving is not None:
            end(serving)
    walked = [out for line, out in said if "walk 1" in line]
    assert "Not closed yet, 1 of" in walked[0]
    assert "Tom S." in walked[0]
    assert f"{ON_THE_PAGE} is closed" in PAGE
    assert f"{reader.case} is closed" in walked[1]
    assert any("S4" in out for line, out in said if "assess" in line)
