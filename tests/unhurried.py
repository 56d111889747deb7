"""A busy machine is no slow answer: what is decided late has its own tests, everywhere else there is time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final

from bot.slack.app import SlackEdge
from bot.slack.socket.mode import SocketMode

TIME_ENOUGH: Final = 60.0


class Settling(ThreadPoolExecutor):
    """The edge's threads. What follows an acknowledgement (answers, edits) has been done after `settle`."""

    def __init__(self) -> None:
        super().__init__(16, thread_name_prefix="slack")
        self._begun: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        begun = super().submit(fn, *args, **kwargs)
        self._begun.append(begun)
        return begun

    def settle(self) -> None:
        while self._begun:
            wait([self._begun.pop()])


def edge_of(mode: SocketMode) -> SlackEdge:
    """What works off the envelopes of these connections."""
    edge = getattr(mode._work, "__self__", None)
    assert isinstance(edge, SlackEdge)
    return edge


def unhurried(edge: SlackEdge, seconds: float = TIME_ENOUGH) -> None:
    """Let the edge wait so long for a decision before it says that the answer follows."""
    object.__setattr__(edge._desk, "patience", seconds)


def settling(edge: SlackEdge) -> Settling:
    """Let the edge work in threads for which one can wait."""
    made = Settling()
    object.__setattr__(edge._desk, "pool", made)
    return made
