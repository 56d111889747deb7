"""Services side by side, started and killed quickly, each at an address of its own that it keeps."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.client import Answer, hang_up, request
from tests.running import ROOT, clean_environment, free_port, log_end

START_SECONDS = 120.0


class Nursery:
    """The process that forks services."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def ask(self, what: Mapping[str, Any]) -> dict[str, int]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        self._process.stdin.flush()
        told: dict[str, int] = json.loads(self._process.stdout.readline())
        return told


@contextmanager
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.chaos.nursery"]
    with subprocess.Popen(
        command, cwd=ROOT, env=clean_environment({}), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


@dataclass
class Replica:
    """One service. Its address stays the same over all its lives."""

    nursery: Nursery
    environment: Mapping[str, str]
    url: str
    log: Path
    pid: int = 0

    def start(self) -> None:
        self.pid = self.nursery.ask({"environment": dict(self.environment), "log": str(self.log)})["pid"]

    def ready(self, seconds: float = START_SECONDS) -> None:
        until = time.monotonic() + seconds
        while (found := self.readiness()) != {}:
            assert time.monotonic() < until, f"not ready: {found}\n{log_end(self.log)}"
            time.sleep(0.02)

    def not_ready(self, part: str, seconds: float = START_SECONDS) -> None:
        """Wait until it answers that this part is not ready."""
        until = time.monotonic() + seconds
        while part not in (found := self.readiness() or {}):
            assert time.monotonic() < until, f"expected {part} not to be ready, found {found}"
            time.sleep(0.02)

    def readiness(self) -> dict[str, str] | None:
        """Parts that are not ready; None while nobody answers."""
        try:
            answer = self.get("/readyz")
        except OSError:
            return None
        parts: dict[str, str] = answer.json().get("parts", {})
        return parts

    def get(self, path: str) -> Answer:
        try:
            return request(self.url, "GET", path, timeout=5)
        finally:
            hang_up()  # nothing may stay open to a process that is about to be killed

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """`kill -9`."""
        self.signal(signal.SIGKILL)
        assert self.ended() == -signal.SIGKILL

    def replace(self) -> None:
        """Killed, and started again at once; it is not ready yet."""
        self.kill()
        self.start()

    def ended(self) -> int:
        """Wait for its end; the exit code."""
        code, self.pid = self.nursery.ask({"wait": self.pid})["code"], 0
        return code


@dataclass
class Cluster:
    """All services on one database."""

    url: str
    replicas: list[Replica] = field(default_factory=list)

    def start(self) -> None:
        for one in self.replicas:
            one.start()
        for one in self.replicas:
            one.ready()

    def one_ready(self, besides: Replica) -> None:
        """Wait until any other one is ready."""
        others = [one for one in self.replicas if one is not besides]
        until = time.monotonic() + START_SECONDS
        while all(one.readiness() != {} for one in others):
            assert time.monotonic() < until, "none of the others gets ready"
            time.sleep(0.02)


@contextmanager
def cluster(folder: Path, database: str, settings: Mapping[str, str], count: int) -> Iterator[Cluster]:
    """`count` services, all of them ready. Ends them at the end, whatever happened."""
    with nursery() as cradle:
        made = Cluster(database)
        for number in range(count):
            port = free_port()
            own = {"WACHBUCH_DATA_DIR": str(folder / f"data{number}"), "WACHBUCH_PORT": str(port)}
            given = {**own, "WACHBUCH_DATABASE_URL": database, "WACHBUCH_LANGUAGE": "en", **settings}
            address = f"http://127.0.0.1:{port}"
            made.replicas.append(Replica(cradle, clean_environment(given), address, folder / f"service{number}.log"))
        made.start()
        yield made
