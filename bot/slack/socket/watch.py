"""Watches the connection: not ready and an alarm when it is gone for too long, told again when it is back."""

from collections.abc import Callable

import structlog

from bot.slack.socket.mode import SocketMode, Standing
from workflows.errors import WachbuchError

log = structlog.get_logger(__name__)

PART = "slack"
"""Name of the part in `/readyz` and in the alarm."""

Tell = Callable[[str, bool], None]
"""Records that a part is down (True) or back (False), so that whoever is to know is told. Raises WachbuchError."""


class Watch:
    """Looks at every turn; tells each change once. What could not be told is told at the next turn."""

    def __init__(self, mode: SocketMode, tell: Tell) -> None:
        self._mode = mode
        self._tell = tell
        self._told_down = False
        mode.on_turn = self.look

    def missing(self) -> dict[str, str]:
        """For `/readyz`: the part and why, empty while all is well."""
        standing = self._mode.standing
        if not self._mode.is_down(standing):
            return {}
        reason = f": {standing.error}" if standing.error else ""
        return {PART: f"no Socket Mode connection for {standing.for_seconds:.0f} s{reason}"}

    def look(self, standing: Standing) -> None:
        """Tell what changed."""
        down = self._mode.is_down(standing)
        if down is self._told_down or (not down and not standing.connected):
            return
        try:
            self._tell(PART, down)
        except WachbuchError as error:
            log.warning("slack_socket_change_not_told", error=type(error).__name__)
            return
        self._told_down = down
        if down:
            log.error("slack_socket_down", seconds=round(standing.for_seconds), reason=standing.error)
        else:
            log.info("slack_socket_back")
