"""The runner's lock: of all processes on one SQLite file, exactly one works off jobs, recovers and migrates."""

import fcntl
import os
import time
from pathlib import Path
from typing import Final

from workflows.store.errors import RunnerBusy

LOOKS: Final = 50
PAUSE_SECONDS: Final = 0.02
"""How often, and how far apart, a lock is tried whose holder has not signed yet: it has just come, or is just going."""


class RunnerLock:
    """Holds `<database>.lock` until released; the kernel releases it when the process dies, however it dies."""

    def __init__(self, database: Path) -> None:
        """Take the lock. Raises `RunnerBusy` with the holder's process id.

        One file has one lock, by whichever name it is reached.
        """
        database = database.resolve()
        self._path = database.with_name(database.name + ".lock")
        self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        holder = self._take()
        if holder is not None:
            os.close(self._file)
            message = f"expected no other runner on {database}, found process {holder}: stop it first"
            raise RunnerBusy(message, holder)
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode("ascii"), 0)

    def _take(self) -> str | None:
        """The holder, when it is somebody else; None when the lock is taken now."""
        for _ in range(LOOKS):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
                if holder:
                    return holder
                time.sleep(PAUSE_SECONDS)
            else:
                return None
        return "unknown"

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two processes lock two files of one name."""
        os.ftruncate(self._file, 0)
        os.close(self._file)
