"""The runner's lock: of all processes on one SQLite file, exactly one works off jobs, recovers and migrates."""

import fcntl
import os
from pathlib import Path

from workflows.store.errors import RunnerBusy


class RunnerLock:
    """Holds `<database>.lock` until released; the kernel releases it when the process dies, however it dies."""

    def __init__(self, database: Path) -> None:
        """Take the lock. Raises `RunnerBusy` with the holder's process id.

        One file has one lock, by whichever name it is reached.
        """
        database = database.resolve()
        self._path = database.with_name(database.name + ".lock")
        self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._file, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            message = f"expected no other runner on {database}, found process {holder}: stop it first"
            raise RunnerBusy(message, holder) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two processes lock two files of one name."""
        os.ftruncate(self._file, 0)
        os.close(self._file)
