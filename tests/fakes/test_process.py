import json
import os
import time

import pytest

from tests.fakes.client import Controls
from tests.running import talking

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "tests.fakes.github", "--port", "0"], stdout=subprocess.PIPE)
print(child.stdout.readline().decode().strip(), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("name", ["slack", "github", "gitlab"])
def test_a_fake_runs_as_a_process_and_says_where(name: str) -> None:
    options = ("--port", "0", "--latency-ms", "1", "--max-lifetime", "600")
    with talking("-m", f"tests.fakes.{name}", *options) as child:
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        assert told["pid"] == child.pid
        assert isinstance(Controls(told["url"]).state(), dict)


def test_a_fake_ends_with_its_parent() -> None:
    with talking("-c", PARENT) as parent:
        assert parent.stdout is not None
        told = json.loads(parent.stdout.readline())
        os.kill(told["pid"], 0)
        parent.kill()
    end = time.monotonic() + 60
    while time.monotonic() < end and _runs(told["pid"]):
        time.sleep(0.1)
    assert not _runs(told["pid"])


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - the shortest way into /proc
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
