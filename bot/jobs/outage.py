"""A lost database, told once: whoever reads the log learns when it went and when it came back, and is not flooded."""

import structlog

log = structlog.get_logger(__name__)


class Outage:
    """Remembers whether something is lost at the moment. `what` is the first part of the events in the log."""

    def __init__(self, what: str) -> None:
        """All is well so far."""
        self._gone, self._there = f"{what}.lost", f"{what}.back"
        self._lost = False

    @property
    def lasts(self) -> bool:
        """Whether it is lost at the moment."""
        return self._lost

    def begins(self, reason: str) -> None:
        """Lost. Told the first time only. `reason` is for operators: a code, never content."""
        if not self._lost:
            log.warning(self._gone, reason=reason)
        self._lost = True

    def is_over(self) -> None:
        """There again. Told when it had been lost."""
        if self._lost:
            log.info(self._there)
        self._lost = False
