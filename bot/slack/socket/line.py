"""One connection to Slack: the SDK's WebSocket, a thread that reads it, and how it stands."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast

import structlog
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from bot.slack.socket.envelope import Envelope, Farewell, Hello, read_message
from bot.slack.socket.wire import Wire, text_frame

log = structlog.get_logger(__name__)

_CHUNK: Final = 16 * 1024
"""Bytes read at once. The SDK goes one call deeper with every chunk of a message, so small ones would not do."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Times of Socket Mode."""

    ping_every: timedelta = timedelta(seconds=10)
    silence: timedelta = timedelta(seconds=30)
    """Nothing heard for so long, not even the answer to our ping: the connection is dead, whatever TCP says."""
    hello_within: timedelta = timedelta(seconds=10)
    proven_after: timedelta = timedelta(seconds=10)
    """A connection that lasted shorter counts as a failed try: else a bad one would be opened again and again."""
    spread: timedelta = timedelta(seconds=1)
    """All replicas lose their connections at the same moment; over so long they come back."""
    leave_after: timedelta = timedelta(seconds=30)
    """How long a replaced connection stays for what is still in hand."""
    down_after: timedelta = timedelta(seconds=60)
    """Without a connection for so long: not ready, and somebody is told."""


class NotConnected(Exception):
    """The WebSocket could not be opened."""


class Line:
    """A connection. `take` is called from the reading thread and must be quick; `changed` after each change."""

    def __init__(
        self, pace: Pace, take: Callable[["Line", Envelope], None], changed: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self._pace = pace
        self._take = take
        self._changed = changed
        self._clock = clock
        self._guard = threading.Lock()
        self._connection: Connection | None = None
        self._wire: Wire | None = None
        self._state: ConnectionState = ConnectionState()  # type: ignore[no-untyped-call]
        self._pinged_at = clock()
        self.opened_at = clock()
        self.hello_at: float | None = None
        self.farewell: Farewell | None = None
        self.farewell_at = 0.0
        self.over = threading.Event()
        self.ready = threading.Event()
        """Set by the hello, and by the end: whoever waits for either goes on."""
        self.in_hand = 0
        self.error = ""

    def open(self, url: str, proxy: str | None) -> None:
        """Connect and begin to read. Raises NotConnected."""
        quiet = logging.getLogger("wachbuch.slack.socket")
        # The SDK logs errors with whatever the exception says, and handshakes whole.
        quiet.setLevel(logging.CRITICAL)
        connection = Connection(
            url=url,
            logger=quiet,
            proxy=proxy,
            receive_buffer_size=_CHUNK,
            on_message_listener=self._heard,
            on_error_listener=self._failed,
            on_close_listener=lambda code, _reason: self._note(f"closed with code {code}"),
        )
        connection.connect()
        if connection.sock is None:
            raise NotConnected(self.error or "handshake refused")
        self._wire = Wire(connection.sock, self._pace.silence.total_seconds(), self._clock)
        connection.sock = cast("Any", self._wire)
        self._connection = connection
        threading.Thread(target=self._read, name="slack-socket", daemon=True).start()

    @property
    def is_in_service(self) -> bool:
        """Whether Slack sends envelopes here, as far as one can tell."""
        return self.hello_at is not None and not self.over.is_set() and self.silent_for < self._silence

    @property
    def silent_for(self) -> float:
        """Seconds since anything was heard."""
        return self._clock() - (self._wire.heard_at if self._wire else self.opened_at)

    @property
    def age(self) -> float:
        """Seconds since it was opened."""
        return self._clock() - self.opened_at

    def look(self) -> None:
        """Ping when it is time; end it when it is silent, or was never greeted."""
        if self.over.is_set():
            return
        if self.silent_for >= self._silence:
            self.end("silent for too long")
        elif self.hello_at is None and self.age >= self._pace.hello_within.total_seconds():
            self.end("no hello")
        elif self._clock() - self._pinged_at >= self._pace.ping_every.total_seconds():
            self._pinged_at = self._clock()
            self._ping()

    def acknowledge(self, envelope: Envelope, text: str) -> bool:
        """Send an acknowledgement; False when the connection has ended: Slack then sends the envelope again."""
        if self._connection is None or self._wire is None or self.over.is_set():
            return False
        try:
            with self._connection.sock_send_lock:
                self._wire.send(text_frame(text.encode()))
        except OSError as error:
            log.info("slack_acknowledgement_not_sent", envelope=envelope.id, error=type(error).__name__)
            self.end(type(error).__name__)
            return False
        return True

    def hold(self, difference: int) -> None:
        """One envelope more, or less, is in hand."""
        with self._guard:
            self.in_hand += difference
        if difference < 0:
            self._changed()

    def end(self, reason: str = "") -> None:
        """End the connection, now."""
        self._note(reason)
        self._state.terminated = True
        if self._wire:
            self._wire.wake()

    def _ping(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.ping(f"{self._connection.session_id}:{self._clock()}")
        except OSError as error:
            self.end(type(error).__name__)

    def _read(self) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            connection.run_until_completion(self._state)
        finally:
            with suppress(OSError):
                connection.disconnect()
            self.over.set()
            self.ready.set()
            self._changed()

    def _heard(self, text: str) -> None:
        said = read_message(text)
        match said:
            case Envelope():
                self._take(self, said)
            case Hello():
                self.hello_at = self._clock()
                self.ready.set()
                self._changed()
            case Farewell():
                self.farewell, self.farewell_at = said, self._clock()
                self._note(said.reason)
                if self.hello_at is None:
                    self.ready.set()
                self._changed()
            case None:
                log.warning("slack_message_not_understood", length=len(text))

    def _failed(self, error: Exception) -> None:
        """After an error the stream cannot be trusted any more: what a frame begins with is anybody's guess."""
        self.end(str(error) if isinstance(error, ConnectionError) else type(error).__name__)

    def _note(self, reason: str) -> None:
        self.error = self.error or reason

    @property
    def _silence(self) -> float:
        return self._pace.silence.total_seconds()
