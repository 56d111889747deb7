"""What several events of a change have in common."""

from workflows.change.seen import Forge, RequestKey
from workflows.events import Event, Text
from workflows.record import NumericId


class RequestEvent(Event):
    """Root of the events about one request. `repository` is its name, `number` its number there."""

    forge: Forge
    repository_id: NumericId
    number: int
    repository: Text

    @property
    def ref(self) -> RequestKey:
        """Which request it is about."""
        return RequestKey(self.forge, self.repository_id, self.number)
