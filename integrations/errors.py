"""What can go wrong with a forge, each telling who has to act.

ForgeError
├── RateLimited      nobody: ask again after `retry_after`
├── Unreachable      nobody: ask again; a write may have taken effect all the same
├── NotPermitted     an administrator: credentials or permissions
├── NotThere         gone, or not visible to us
├── Rejected         the forge refuses what was sent
└── Unexpected       the answer cannot be read
"""

from workflows.errors import WachbuchError


class ForgeError(WachbuchError):
    """Root of these errors. The message never holds a credential."""


class RateLimited(ForgeError):
    """A primary or secondary rate limit. `retry_after` is in seconds, at least one."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"asked to wait {retry_after:.0f} s")
        self.retry_after = retry_after


class Unreachable(ForgeError):
    """No answer in time (`timed_out`), or a failure on the forge's side."""

    def __init__(self, message: str, *, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out


class NotPermitted(ForgeError):
    """401 or 403: the credentials are refused, or lack a permission."""


class NotThere(ForgeError):
    """404 or 410."""


class Rejected(ForgeError):
    """Any other refusal: `status` and the forge's own words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"refused with {status}: {reason}")
        self.status = status
        self.reason = reason


class Unexpected(ForgeError):
    """An answer without the expected shape."""
