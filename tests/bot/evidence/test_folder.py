"""The evidence folder: whole or not at all, once, read-only."""

import os
import signal
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from bot.evidence.folder import ABANDONED_SECONDS, INCOMING, EvidenceFolder, TooLarge
from workflows.incident.evidence_terms import CheckResult

ROOT = Path(__file__).resolve().parents[3]
DYING = """
import os, signal, sys
from pathlib import Path
from bot.evidence.folder import EvidenceFolder

def chunks():
    yield b"half"
    if sys.argv[2] == "while writing":
        os.kill(os.getpid(), signal.SIGKILL)
    yield b"whole"

class Dying(EvidenceFolder):
    def _settle(self, incoming, digest):
        os.kill(os.getpid(), signal.SIGKILL)

Dying(Path(sys.argv[1])).put(chunks(), 100)
"""


def files(root: Path) -> list[Path]:
    return [one for one in root.rglob("*") if one.is_file()]


def test_the_same_content_is_kept_once_and_read_only(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path / "evidence")
    first = folder.put([b"ab", b"c"], 3)
    second = folder.put([b"abc"], 3)
    assert first == second
    assert (first.sha256, first.size) == (sha256(b"abc").hexdigest(), 3)
    (kept,) = files(folder.root)
    assert kept == folder.path(first.sha256)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o440
    assert b"".join(folder.read(first.sha256)) == b"abc"


def test_too_much_leaves_nothing(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path)
    with pytest.raises(TooLarge):
        folder.put([b"abc", b"d"], 3)
    assert files(tmp_path) == []
    folder.put([b"abc"], 3)


def test_an_altered_and_a_missing_file_are_found(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path)
    kept = folder.put([b"abc"], 3)
    assert folder.check(kept.sha256) == (CheckResult.INTACT, kept.sha256)
    folder.path(kept.sha256).chmod(0o640)
    folder.path(kept.sha256).write_bytes(b"abd")
    assert folder.check(kept.sha256) == (CheckResult.ALTERED, sha256(b"abd").hexdigest())
    folder.put([b"abc"], 3)
    assert folder.check(kept.sha256)[0] is CheckResult.INTACT
    assert len(files(tmp_path)) == 2, "the damaged copy is set aside"
    folder.remove(kept.sha256)
    assert folder.check(kept.sha256) == (CheckResult.MISSING, "")


@pytest.mark.parametrize("moment", ["while writing", "before the name"])
def test_a_kill_leaves_no_partial_file(tmp_path: Path, moment: str) -> None:
    done = subprocess.run([sys.executable, "-c", DYING, str(tmp_path), moment], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [one.name.startswith(INCOMING) for one in files(tmp_path)] == [True]
    folder = EvidenceFolder(tmp_path)
    kept = folder.put([b"half", b"whole"], 100)
    assert folder.check(kept.sha256)[0] is CheckResult.INTACT
    left = next(tmp_path.glob(f"{INCOMING}*"))
    assert folder.sweep(left.stat().st_mtime) == 0, "somebody may still be writing it"
    os.utime(left, (0, 0))
    assert folder.sweep(ABANDONED_SECONDS + 1) == 1
    assert files(tmp_path) == [folder.path(kept.sha256)]
