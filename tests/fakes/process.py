"""Runs a fake as a process of its own: prints its address as one line of JSON and ends with its parent."""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence

from tests.fakes.wire import FakeServer

_LOOK_EVERY_SECONDS = 0.5


def _end_with_parent(parent: int, lifetime: float) -> None:
    end = time.monotonic() + lifetime
    while os.getppid() == parent and time.monotonic() < end:
        time.sleep(_LOOK_EVERY_SECONDS)
    os._exit(0)


def parser(name: str) -> argparse.ArgumentParser:
    """The options that every fake has."""
    options = argparse.ArgumentParser(prog=f"python -m tests.fakes.{name}")
    options.add_argument("--port", type=int, default=0, help="0: any free port")
    options.add_argument("--latency-ms", type=int, default=0, help="added to every answer")
    options.add_argument("--max-lifetime", type=float, default=3600.0, help="seconds")
    return options


def run(make: Callable[[argparse.Namespace], FakeServer], options: argparse.Namespace) -> None:
    """Serve until the parent process is gone or the lifetime is over."""
    parent = os.getppid()
    fake = make(options)
    fake.start(options.port)
    told = {"port": int(fake.url.rsplit(":", 1)[1]), "url": fake.url, "pid": os.getpid()}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    watch = threading.Thread(target=_end_with_parent, args=(parent, options.max_lifetime))
    watch.start()
    watch.join()


def arguments(name: str, argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the common options."""
    return parser(name).parse_args(argv)
