"""What lies where, and what no tracked file may say."""

import importlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "workflows", "integrations", "config")
TOP_LEVEL = {
    *PACKAGES, "tests", "docs", "locks", "run", "pyproject.toml",
    "README.md", "LICENSE", "CHANGELOG.md", ".ci", ".gitignore", ".editorconfig",
}  # fmt: skip
REGISTRIES = re.compile(r"\b(?:pypi|pythonhosted|npmjs|debian|jsdelivr)\.(?:org|com|net)\b")
MACHINE_PATH = re.compile(r"(?<![\w.\-/}])/(?:work|tmp|root|opt)/[\w.]")
COMPILED = ("cffi", "charset-normalizer", "cryptography", "pyyaml", "sqlalchemy")
BINARY = {".png", ".ico", ".ttf", ".woff2", ".pdf"}


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).exists()]


def test_only_the_agreed_names_stand_at_the_top() -> None:
    assert {name.split("/")[0] for name in tracked()} <= TOP_LEVEL


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_is_the_product_and_not_a_folder_of_tests(package: str) -> None:
    origin = importlib.import_module(package).__file__
    assert origin is not None
    assert Path(origin) == ROOT / package / "__init__.py"


def test_every_folder_with_code_is_a_package() -> None:
    folders = {Path(name).parent for name in tracked() if name.endswith(".py")}
    missing = [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()]
    assert missing == []


def test_no_tracked_file_names_a_package_registry_or_a_path_of_the_machine_it_was_written_on() -> None:
    found = []
    for name in tracked():
        if Path(name).suffix in BINARY:
            continue
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            if REGISTRIES.search(line) or MACHINE_PATH.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert found == []


def test_locks_hold_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        unpinned = [line for line in text.splitlines() if line[:1].strip() and not line.endswith(" \\")]
        assert unpinned == [], lock.name


def test_locks_serve_every_platform_and_not_only_the_one_they_were_made_on() -> None:
    """A partial mirror leaves the hashes of one platform, and then nobody else can install."""
    for lock in ("runtime", "dev"):
        blocks = re.split(r"\n(?=\S)", (ROOT / "locks" / f"{lock}.txt").read_text())
        compiled = {block.split("==")[0]: block.count("--hash") for block in blocks}
        assert all(compiled[name] > 10 for name in COMPILED)


def test_the_development_lock_contains_the_runtime_lock() -> None:
    assert pins("runtime") <= pins("dev")


def pins(lock: str) -> set[str]:
    lines = (ROOT / "locks" / f"{lock}.txt").read_text().splitlines()
    return {line.removesuffix(" \\") for line in lines if line and not line.startswith(" ")}
