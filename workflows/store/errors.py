"""Why the store refuses to open or to write. Each message names the cause, and the command that cures it."""

from workflows.errors import WachbuchError


class StoreRefused(WachbuchError):
    """The database cannot be used as it is: wrong address, missing folder, another log, no permission."""


class RunnerBusy(StoreRefused):
    """Another process is the runner of this SQLite file. `holder`: its process id, where known."""

    def __init__(self, message: str, holder: str = "") -> None:
        super().__init__(message)
        self.holder = holder


class SchemaMismatch(StoreRefused):
    """The tables are missing, older or newer than this program. Names both versions and the command."""


class ClockRefused(StoreRefused):
    """The clock of this machine is more than a day away from the database's; nothing was written."""


class Unavailable(WachbuchError):
    """The database did not answer, or lost the connection. Nothing holds, unless the commit itself broke off."""
