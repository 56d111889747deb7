"""Help of every command, in both languages, and quickly."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.cli import build
from tests.bot.commands.conftest import Terminal

ROOT = Path(__file__).resolve().parents[3]
HEAVY = {"pydantic", "rich", "sqlalchemy", "fastapi", "slack_bolt", "slack_sdk", "github", "yaml", "uvicorn", "alembic"}
LOADED = """
import sys
from bot.cli import main
code = main(sys.argv[1:])
print(*sorted({name.partition('.')[0] for name in sys.modules}), sep="\\n")
raise SystemExit(code)
"""


def paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from paths(inner, (*path, name))


EVERY = list(paths(get_command(build(str))))


def test_all_commands_are_there() -> None:
    first = {path[0] for path in EVERY if path}
    assert first == {
        "init", "serve", "doctor", "demo", "chat", "verify", "export", "report", "policy", "gate", "forge", "jobs",
        "slack", "token", "console",
        "erase", "evidence", "migrate", "bench",
    }  # fmt: skip
    assert {path for path in EVERY if path[:1] == ("erase",)} == {
        ("erase",), ("erase", "request"), ("erase", "confirm"),
    }  # fmt: skip


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_help_in_both_languages(path: tuple[str, ...], terminal: Terminal) -> None:
    english = terminal.run(*path, "--help")
    german = terminal.run(*path, "--help", language="de")
    assert (english.code, german.code, english.err, german.err) == (0, 0, "", "")
    assert english.out.startswith(" ".join(("Usage: wachbuch", *path)))
    assert german.out.startswith(" ".join(("Aufruf: wachbuch", *path)))
    for left in (
        "Usage",
        "Options:",
        "Arguments:",
        "Commands:",
        "Show this message",
        "[required]",
        "[default",
        "Print JSON",
    ):
        assert left not in german.out
    listed = german.out.partition("Befehle:")[2]
    assert "..." not in listed, "a summary is not cut"
    assert english.out.count("\n") > 3
    assert german.out.splitlines()[2] != english.out.splitlines()[2]


@pytest.mark.parametrize(
    ("path", "told"), [(("report", "case"), "[Vorgabe:"), ((), "BEFEHL [ARGUMENTE]...")], ids=["default", "usage"]
)
def test_in_a_narrow_terminal_as_well_what_the_library_writes_is_in_german(
    path: tuple[str, ...], told: str, terminal: Terminal
) -> None:
    for columns in range(20, 80):
        terminal.set("COLUMNS", str(columns))
        german = terminal.run(*path, "--help", language="de").out
        assert "[default:" not in german, columns
        assert "COMMAND" not in german, columns
        assert told in german, columns


@pytest.mark.parametrize("path", [(), ("erase",), ("report",), ("policy",)], ids=" ".join)
def test_a_group_alone_shows_its_help(path: tuple[str, ...], terminal: Terminal) -> None:
    done = terminal.run(*path)
    assert (done.code, done.out) == (2, "")
    assert done.err == terminal.run(*path, "--help").out


@pytest.mark.parametrize(
    "arguments", [("--help",), ("verify", "--help"), ("report", "lessons", "--help")], ids=" ".join
)
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", LOADED, *arguments]
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "WACHBUCH_LANGUAGE": "de"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "Aufruf: wachbuch" in done.stdout
    assert not HEAVY & set(done.stdout.splitlines())


def test_the_real_command_line_answers(tmp_path: Path) -> None:
    environment = {
        "PATH": os.defpath, "PYTHONPATH": str(ROOT), "WACHBUCH_LANGUAGE": "de", "WACHBUCH_DATA_DIR": str(tmp_path),
    }  # fmt: skip

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    assert run("verify").returncode == 2
    assert run("migrate").stdout == "Die Datenbank ist auf dem neuesten Stand.\n"
    verified = run("verify")
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.startswith("Ledger unversehrt: 0 Einträge")
    assert run("verify", "--nix").stderr == "Die Option --nix gibt es nicht.\nHilfe: wachbuch verify --help\n"
