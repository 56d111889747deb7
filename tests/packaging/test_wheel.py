"""The steps of the Dockerfile without a container engine: wheel, environment from the lock, a service that answers."""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from bot import __version__
from tests.packaging.files import ROOT, copied, instructions
from tests.running import STOP_SECONDS, clean_environment, end, free_port, log_end, wait_until_ready

RUNTIME = ROOT / "locks" / "runtime.txt"
IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the builder sees: the files that the Dockerfile copies, and none besides."""
    folder = tmp_path_factory.mktemp("source")
    for name in copied():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=IGNORED)
        else:
            shutil.copyfile(ROOT / name, target)
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    """Built as the Dockerfile does it."""
    steps = {
        "config.i18n compile": [sys.executable, "-m", "config.i18n", "compile"],
        "hatchling build -t wheel": [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
    }
    written = " ".join(one.rest for one in instructions() if one.name == "RUN")
    for words, command in steps.items():
        assert words in written, "the Dockerfile does it otherwise"
        environment = clean_environment({"PYTHONPATH": str(source)})
        subprocess.run(command, cwd=source, env=environment, check=True, capture_output=True)
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with exactly the locked packages, and the wheel."""
    home = tmp_path_factory.mktemp("installed") / "app"
    script = _run_script()
    pip = script.pip_command()
    uv, environment = script.fetch_uv(pip), script.uv_environment(pip)
    environment.pop("VIRTUAL_ENV", None)
    python = str(home / "bin" / "python")
    for command in (
        ["venv", "--quiet", "--python", sys.executable, str(home)],
        ["pip", "sync", "--quiet", "--no-build", "--require-hashes", "--python", python, str(RUNTIME)],
        ["pip", "install", "--quiet", "--no-deps", "--no-index", "--python", python, str(wheel)],
    ):
        subprocess.run([uv, *command], env=environment, check=True, capture_output=True)
    return home


@pytest.mark.full
def test_the_wheel_holds_the_product_and_nothing_of_its_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
        (entry,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "wachbuch = bot.__main__:main" in opened.read(entry).decode()
    assert wheel.name == f"wachbuch-{__version__}-py3-none-any.whl"
    tops = {name.split("/")[0] for name in names}
    assert tops == {"bot", "workflows", "integrations", "config", f"wachbuch-{__version__}.dist-info"}
    there = set(names)
    for package in ("bot", "workflows", "integrations", "config"):
        for file in _files(ROOT / package):
            assert file.relative_to(ROOT).as_posix() in there, file
    assert any(name.startswith("config/locale/de/") and name.endswith(".mo") for name in names)


@pytest.mark.full
def test_installed_from_the_lock_it_serves_and_ends_when_asked(installed: Path, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    told = {"WACHBUCH_DATA_DIR": str(tmp_path / "data"), "WACHBUCH_PORT": str(port), "WACHBUCH_LANGUAGE": "de"}
    environment = {name: value for name, value in clean_environment(told).items() if name != "PYTHONPATH"}
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [str(installed / "bin" / "wachbuch"), "serve"], cwd=tmp_path, env=environment, stdout=stream, stderr=stream
        )
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}", log)
        assert _healthy(environment)
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_SECONDS) == 0
    finally:
        end(process)
    assert f"http://127.0.0.1:{port}" in log_end(log)
    assert not _healthy(environment), "the check of the image sees a process that is gone"


@pytest.mark.full
def test_installed_it_speaks_german_and_says_what_needs_the_source_tree(installed: Path, tmp_path: Path) -> None:
    def wachbuch(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "WACHBUCH_LANGUAGE": "de", "PYTHONPATH": ""}
        command = [str(installed / "bin" / "wachbuch"), *words]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert "Vorfälle" in wachbuch("--help").stdout
    assert wachbuch("demo").returncode == 3


def _healthy(environment: Mapping[str, str]) -> bool:
    """The image's own check."""
    (check,) = (one.rest for one in instructions() if one.name == "HEALTHCHECK")
    words = json.loads(check.split("CMD", 1)[1])
    assert words[0] == "python"
    done = subprocess.run([sys.executable, *words[1:]], env=dict(environment), capture_output=True, check=False)
    return done.returncode == 0


def _files(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts and file.suffix not in {".pyc", ".mo"}:
            yield file


def _run_script() -> ModuleType:
    """The script that sets up environments, as a module."""
    spec = spec_from_loader("run_script", SourceFileLoader("run_script", str(ROOT / "run")))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
