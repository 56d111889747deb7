"""Who sits at the terminal is what the system says, never what the environment claims."""

import json
import stat

import pytest

from bot.commands.identity import os_user
from tests.bot.commands.conftest import Terminal
from tests.office import Office


def test_nobody_becomes_their_own_second_person_by_a_variable(terminal: Terminal, place: Office) -> None:
    number = place.report("Somebody clicked")
    asked = json.loads(terminal.run("erase", "request", number, "--basis", "gdpr_17", "--json").out)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        terminal.set(name, "dora")
    assert terminal.run("erase", "confirm", asked["id"], user="petra").code == 1
    assert terminal.run("erase", "confirm", asked["id"], user="dora").code == 0


def test_an_account_without_a_name_is_still_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 4_000_000_123)
    assert os_user() == "uid4000000123"


def test_an_exported_file_is_for_its_owner_only(terminal: Terminal, place: Office) -> None:
    file = terminal.folder / "case.json"
    (terminal.folder / "case.json.part").write_text("left over")
    assert terminal.run("export", "--case", place.report("Quiet"), "--output", str(file)).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
