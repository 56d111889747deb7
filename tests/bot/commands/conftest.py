"""A terminal with a real database, policy folder and the real command line."""

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli import main
from tests.office import POLICY, Office, office, write_policy

OURS = ("WACHBUCH_", "SLACK_", "GITHUB_", "GITLAB_")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Terminal:
    """A shell in which `wachbuch` is typed."""

    folder: Path
    environment: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[str]

    @property
    def database(self) -> Path:
        return self.folder / "data" / "wachbuch.db"

    def set(self, name: str, value: str) -> None:
        self.environment.setenv(name, value)

    def run(self, *arguments: str, user: str = "petra", stdin: str = "", language: str = "en") -> Done:
        # The system's word on who runs the process: the environment's is not taken.
        self.environment.setattr("pwd.getpwuid", lambda _: SimpleNamespace(pw_name=user))
        self.set("WACHBUCH_LANGUAGE", language)
        self.environment.setattr("sys.stdin", io.StringIO(stdin))
        self.captured.readouterr()
        code = main(arguments)
        return Done(code, *self.captured.readouterr())

    def contents(self) -> list[bytes]:
        """All bytes of the database and what lies beside it."""
        return [file.read_bytes() for file in sorted(self.database.parent.glob("*")) if file.is_file()]


def planned_change(terminal: Terminal) -> str:
    """The number of a change that Max has just planned: it begins with this year, whichever that is."""
    done = terminal.run("chat", "/change plan New button", user="max", stdin="\n" * 12)
    assert done.code == 0, done.text
    return str(re.findall(r"CHG-\d{4}-\d{4}", done.out)[0])


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Nothing set up but the policy and an empty data folder."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    write_policy(tmp_path / "policy", POLICY)
    monkeypatch.setenv("WACHBUCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("WACHBUCH_POLICY_DIR", str(tmp_path / "policy"))
    monkeypatch.setenv("COLUMNS", "80")
    for forced in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(forced, raising=False)
    return Terminal(tmp_path, monkeypatch, capsys)


@pytest.fixture
def place(terminal: Terminal) -> Iterator[Office]:
    """An office on the terminal's database. Its last case is of today."""
    now = datetime.now(UTC)
    with office(f"sqlite:///{terminal.database}", start=now) as opened:
        yield opened
