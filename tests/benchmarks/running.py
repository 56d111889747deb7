"""The real service as a process of its own, on a fresh SQLite file, on loopback."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers."""

    url: str
    process: subprocess.Popen[bytes]
    data: Path
    log: Path
    started_in: float

    def memory(self) -> int:
        """Resident memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def cpu_seconds(self) -> float:
        """Processor time used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """`kill -9`."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, settings: Mapping[str, str]) -> Iterator[Running]:
    """Start the service, wait until it is ready, and stop it cleanly at the end."""
    running = start(folder, settings)
    try:
        yield running
    finally:
        stop(running)


def start(folder: Path, settings: Mapping[str, str]) -> Running:
    """Start the service and wait until it is ready. RuntimeError with its log when it does not get there."""
    data = folder / "data"
    port = free_port()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("WACHBUCH_", "SLACK_", "GITHUB_"))
    }
    environment = {
        **kept, "WACHBUCH_DATA_DIR": str(data), "WACHBUCH_PORT": str(port), "WACHBUCH_LANGUAGE": "en", **settings,
    }  # fmt: skip
    log = folder / "service.log"
    began = time.perf_counter()
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environment, stdout=stream, stderr=stream
        )
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if _ready(url):
            return Running(url, process, data, log, time.perf_counter() - began)
        time.sleep(0.02)
    process.kill()
    message = f"the service did not get ready:\n{log.read_text(errors='replace')[-4000:]}"
    raise RuntimeError(message)


def stop(running: Running) -> None:
    """SIGTERM, and wait."""
    if running.process.poll() is None:
        running.process.terminate()
        try:
            running.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            running.process.kill()
            running.process.wait()


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=1) as answer:  # noqa: S310 our own service
            return bool(json.load(answer)["status"] == "ready")
    except (urllib.error.URLError, OSError, ValueError):
        return False
