"""The real service as a process of its own, on a fresh SQLite file, on loopback."""

import json
import os
import secrets
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
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
START_SECONDS: Final = 90
STOP_SECONDS: Final = 60
"""Far more than either takes: on a machine that does ten other things as well, slow is no finding."""
EPHEMERAL: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
OURS: Final = ("WACHBUCH_", "SLACK_", "GITHUB_", "GITLAB_")
"""Beginnings of settings. None of the caller's reach a service that is started here."""


class NotStarted(RuntimeError):
    """A process did not get ready; the text holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers."""

    url: str
    process: subprocess.Popen[bytes]
    data: Path
    log: Path
    environment: Mapping[str, str]
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


def first_ephemeral() -> int:
    """From here on the system chooses ports itself; where it does not say, the lowest that any does."""
    return int(EPHEMERAL.read_text(encoding="ascii").split()[0]) if EPHEMERAL.exists() else 32768


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to nobody until the service does.

    Those that it chooses itself for others (fakes, outgoing connections) are taken again within seconds: as long as a
    service needs to start on a busy machine.
    """
    lowest = first_ephemeral()
    while True:
        port = lowest - 1 - secrets.randbelow(lowest // 2)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def clean_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without its settings of Wachbuch, and these instead."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONPATH": str(ROOT), "WACHBUCH_ENV_FILE": os.devnull, **extra}


@contextmanager
def serving(folder: Path, settings: Mapping[str, str]) -> Iterator[Running]:
    """Start the service, wait until it is ready, and stop it cleanly at the end."""
    running = start(folder, settings)
    try:
        yield running
    finally:
        end(running.process)


def start(folder: Path, settings: Mapping[str, str], started: list[subprocess.Popen[bytes]] | None = None) -> Running:
    """Start the service and wait until it is ready. NotStarted when it does not get there; then it has ended.

    `started` gets the process at once, for whoever ends several together.
    """
    data, port = folder / "data", free_port()
    log = folder / "service.log"
    told = {"WACHBUCH_DATA_DIR": str(data), "WACHBUCH_PORT": str(port), "WACHBUCH_LANGUAGE": "en"}
    environment = clean_environment({**told, **settings})
    began = time.perf_counter()
    process = spawn(["bot", "serve"], environment, log)
    if started is not None:
        started.append(process)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(process, url, log)
    except BaseException:
        end(process)
        raise
    return Running(url, process, data, log, environment, time.perf_counter() - began)


@contextmanager
def talking(*arguments: str, environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Python that is spoken with; it ends with the block.

    Unbuffered, because `communicate` reads the pipe itself: it misses what a reader of lines holds back, and a killed
    process may leave half a line and half a character there.
    """
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def spawn(module: list[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """A module of the source tree as a process of its own.

    In a session of its own: Ctrl-C reaches the caller alone, who ends what it started in its order.
    """
    with log.open("ab") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, and wait; SIGKILL for one that does not hear."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def log_end(log: Path, characters: int = 4000) -> str:
    """What a process said last."""
    return log.read_text(encoding="utf-8", errors="replace")[-characters:]


def wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """NotStarted when it does not get there in time, or ended before."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if _ready(url):
            return
        time.sleep(0.02)
    raise NotStarted(f"the service did not get ready:\n{log_end(log)}")


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310 our own address
            return bool(json.load(answer)["status"] == "ready")
    except (urllib.error.URLError, OSError, ValueError):
        return False
