"""The unit for systemd: understood, shut in, and told what exists."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config.settings.model import names
from tests.packaging.files import ROOT, SETTING

UNIT = ROOT / "docs" / "systemd" / "wachbuch.service"
MOST_EXPOSED = 2.0
"""On the scale of `systemd-analyze security` from 0 to 10; an ordinary service has 9.6."""


@pytest.fixture
def analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("NOT TESTED: systemd-analyze is not installed here")
    return found


def test_every_setting_that_is_named_exists() -> None:
    found = {name.removesuffix("_FILE") for name in SETTING.findall(UNIT.read_text(encoding="utf-8"))}
    assert found
    assert found <= set(names().values())


def test_every_credential_is_loaded_and_used() -> None:
    text = UNIT.read_text(encoding="utf-8")
    assert set(re.findall(r"LoadCredential=(\w+):", text)) == set(re.findall(r"_FILE=%d/(\w+)", text)) != set()


def test_systemd_understands_it(analyze: str, tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text(encoding="utf-8").replace("/srv/wachbuch/run", str(ROOT / "run")), encoding="utf-8")
    done = subprocess.run([analyze, "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_it_is_shut_in(analyze: str) -> None:
    command = [analyze, "security", "--offline=true", "--no-pager", str(UNIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    (exposure,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert float(exposure) <= MOST_EXPOSED
