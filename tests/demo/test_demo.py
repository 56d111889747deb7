"""The demonstration as whoever downloads this sees it first."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from config.i18n import translator
from tests.demo.incident import whole
from tests.demo.play import SCENES
from tests.running import ROOT, clean_environment

MARK = "DEMO_TEST_MARK"
ENDLESS_SECONDS = 600
"""What takes longer has come to a standstill."""
COMMAND = [sys.executable, "-m", "bot", "demo"]


def environment(folder: Path, language: str) -> dict[str, str]:
    """Marked, so that whatever is left behind can be found."""
    return clean_environment(
        {"LANG": language, "LC_ALL": language, "TMPDIR": str(folder), "COLUMNS": "120", MARK: str(folder)}
    )


def still_running(folder: Path) -> list[int]:
    """Processes that carry the mark."""
    mark = f"{MARK}={folder}".encode()
    return [int(place.parent.name) for place in Path("/proc").glob("[0-9]*/environ") if mark in _read(place)]


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        return b""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where temporary files go. Nothing may be left there, and nothing may still run."""
    yield tmp_path
    assert list(tmp_path.iterdir()) == []
    assert still_running(tmp_path) == []


@pytest.mark.full
def test_it_shows_everything_and_leaves_nothing(folder: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--json"], cwd=ROOT, env=environment(folder, "de_DE.UTF-8"), capture_output=True, text=True,
        check=False, timeout=ENDLESS_SECONDS,
    )  # fmt: skip
    steps: dict[str, dict[str, Any]] = {one["step"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 0, done.stderr
    assert list(steps) == list(SCENES)
    assert all(one["ok"] for one in steps.values())
    assert "#security" in [line["who"] for line in steps["report"]["lines"]]
    assert steps["refused"]["missing"][0] == "Authentizität"
    assert "Petra M." in said(steps["walked"])
    assert "ist geschlossen" in said(steps["closed"])
    assert "@max hat mitgeschrieben" in steps["held"]["comment"]
    assert (steps["held"]["status"], steps["held"]["merge"]) == ("in_progress", 405)
    assert steps["released"]["status"] == "success"
    assert steps["altered"]["first_bad"] == steps["altered"]["altered"]
    assert (steps["altered"]["exit"], steps["ended"]["exit"]) == (1, 0)
    assert "README.md" in done.stderr


def test_nothing_is_said_to_be_over_before_it_was_reported() -> None:
    """The report of the demonstration was a moment ago; shortly after midnight an hour ago was another day."""
    reported = int(time.time())
    times = {name: at for name, at in whole(translator("en")).items() if isinstance(at, int)}
    assert set(times) == {"monitoring.over~when", "review.held~when"}
    assert [name for name, at in times.items() if at < reported] == []


def said(step: dict[str, Any]) -> str:
    """What the service answered last."""
    answers: list[str] = [line["text"] for line in step["lines"] if line["kind"] == "bot"]
    return answers[-1]


@pytest.mark.full
@pytest.mark.parametrize("one", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_interrupted(folder: Path, one: signal.Signals) -> None:
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment(folder, "C.UTF-8"), stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        wait_for(running.stdout, "1/11")
        assert len(still_running(folder)) == 4
        os.kill(running.pid, one)
        rest = running.stdout.read()
        assert running.wait(ENDLESS_SECONDS) == 130
    assert "nothing is left behind" in rest


def wait_for(stream: IO[str], text: str) -> None:
    """Read until this is shown."""
    assert any(text in line for line in stream), f"it ended before it showed {text}"


@pytest.mark.full
def test_what_goes_wrong_is_said_with_the_log(tmp_path: Path) -> None:
    """The service does not start."""
    broken = environment(tmp_path, "C.UTF-8")
    done = subprocess.run(
        [sys.executable, "-c", BREAKS],
        cwd=ROOT,
        env=broken,
        capture_output=True,
        text=True,
        check=False,
        timeout=ENDLESS_SECONDS,
    )
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"]) == (1, False)
    log = tmp_path / "wachbuch-demo.log"
    assert "did not get ready" in told["error"]
    assert str(log) in done.stderr
    assert log.exists()
    assert [one.name for one in tmp_path.iterdir()] == [log.name]
    assert still_running(tmp_path) == []


BREAKS = """
import sys
from tests.demo import play as demo, stage

real = stage.start
stage.start = lambda folder, settings, started: real(folder, {**settings, "WACHBUCH_PORT": "no port"}, started=started)
sys.argv = ["demo", "--json"]
sys.exit(demo.main())
"""
