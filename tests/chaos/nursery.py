"""Services as forks of one process that has loaded everything: started in a moment, so that they can be killed often.

`python -m tests.chaos.nursery` takes one JSON object per line. `{"environment": {…}, "log": "…"}` starts a service and
answers with its process id, `{"wait": 4711}` answers with how it ended. The end of the input ends all that still run.
"""

import asyncio
import gc
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

import uvicorn.lifespan.on
import uvicorn.protocols.http.auto

from bot.commands.serve_run import run


def serve(environment: Mapping[str, str], log: str) -> int:
    """Fork a service. Returns its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setsid()
        for number, name, flags in ((0, os.devnull, os.O_RDONLY), (1, log, _APPEND), (2, log, _APPEND)):
            opened = os.open(name, flags, 0o600)
            os.dup2(opened, number)
        os.environ.clear()
        os.environ.update(environment)
        random.seed()
        code = int(run())
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 it ends here, and its log says why
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def answer(asked: Mapping[str, object], living: set[int]) -> Mapping[str, int]:
    """Start one, or say how one ended."""
    if isinstance(pid := asked.get("wait"), int):
        living.discard(pid)
        return {"code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}
    environment = asked["environment"]
    assert isinstance(environment, Mapping)
    pid = serve({str(name): str(value) for name, value in environment.items()}, str(asked["log"]))
    living.add(pid)
    return {"pid": pid}


_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND


def main() -> None:
    """Until the input ends."""
    loaded = (asyncio, uvicorn.lifespan.on, uvicorn.protocols.http.auto, Path)
    del loaded
    gc.freeze()
    living: set[int] = set()
    try:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(answer(json.loads(line), living)) + "\n")
            sys.stdout.flush()
    finally:
        for pid in living:
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
