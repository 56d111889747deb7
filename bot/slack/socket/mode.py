"""Keeps a connection open: opens, watches, replaces and ends them, and hands envelopes to a bounded pool."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog

from bot.jobs.backoff import Backoff
from bot.meter import Meter
from bot.slack.body import Body
from bot.slack.socket.envelope import Envelope
from bot.slack.socket.line import Line, NotConnected, Pace
from bot.slack.socket.opening import Issuer, NotIssued

log = structlog.get_logger(__name__)

WORKERS: Final = 16
MOST_IN_HAND: Final = 256
"""More are not taken: unacknowledged, Slack sends them again or tells whoever waits."""
_FIRST_WAIT: Final = timedelta(seconds=1)
_LONGEST_WAIT: Final = timedelta(minutes=1)
_TICK_SECONDS: Final = 1.0

Take = Callable[[Body], Mapping[str, Any] | None]
"""Works off a payload and returns its answer, after the commit. Raises when nothing was stored."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the connection stands. Times in seconds."""

    connected: bool
    connections: int
    for_seconds: float
    """How long it has been as it is."""
    silent_for: float | None
    """Since anything was heard, None without a connection."""
    error: str
    """Why the last connection ended or none could be opened: a code, never content."""


class SocketMode:
    """Slack by Socket Mode in one process. Nothing runs before `start`; holds nothing that a restart would lose."""

    def __init__(
        self, issue: Issuer, take: Take, *, pace: Pace | None = None, chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic, meter: Meter | None = None,
    ) -> None:  # fmt: skip
        self._meter = meter or Meter()
        self._issue = issue
        self._work = take
        self._pace = pace or Pace()
        self._chance = chance
        self._clock = clock
        self._backoff = Backoff(chance, _FIRST_WAIT, _LONGEST_WAIT)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="slack-envelope")
        self._room = threading.BoundedSemaphore(MOST_IN_HAND)
        self._lines: tuple[Line, ...] = ()
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._next_try = 0.0
        self._error = ""
        self._connected = False
        self._since = clock()
        self.on_turn: Callable[[Standing], None] = lambda _: None
        """Called about once a second, from the thread that keeps the connections."""

    # life -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to connect, in a thread of its own."""
        self._since = self._clock()
        self._thread = threading.Thread(target=self._run, name="slack-socket-mode", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Begin to stop; returns at once. Slack gives to others what we take no more, as soon as we are gone."""
        threading.Thread(target=self.stop, name="slack-socket-stop", daemon=True).start()

    def stop(self, patience: timedelta = timedelta(seconds=10)) -> None:
        """Take no envelope any more, finish and acknowledge those in hand, then let the connections go."""
        self._stopping.set()
        self._changed.set()
        until = self._clock() + patience.total_seconds()
        while any(line.in_hand for line in self._lines) and self._clock() < until:
            time.sleep(0.02)
        for line in self._lines:
            line.end("stopped")
        if self._thread is not None:
            self._thread.join(patience.total_seconds())
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def standing(self) -> Standing:
        """How it stands now."""
        serving = [line for line in self._lines if line.is_in_service]
        silent = min((line.silent_for for line in serving), default=None)
        connected = bool(serving)
        # Between two turns a connection may have come or gone; then it has been so for a moment.
        lasting = self._clock() - self._since if connected is self._connected else 0.0
        return Standing(connected, len(serving), lasting, silent, "" if connected else self._error)

    def figures(self) -> dict[str, tuple[str, float]]:
        """How it stands, as figures."""
        standing = self.standing
        found = {
            "slack_socket_connected": ("Whether Socket Mode is connected", float(standing.connected)),
            "slack_socket_connections": ("Open connections of Socket Mode", float(standing.connections)),
            "slack_socket_state_seconds": ("How long it has been as it is", standing.for_seconds),
        }
        if standing.silent_for is not None:
            found["slack_socket_silent_seconds"] = ("Since anything was heard over it", standing.silent_for)
        return found

    def is_down(self, standing: Standing) -> bool:
        """Whether there has been no connection for too long."""
        return not standing.connected and standing.for_seconds >= self._pace.down_after.total_seconds()

    # the turn -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:
                # The thread outlives what nobody foresaw: without it nobody would connect again.
                log.exception("slack_socket_turn_failed")
            self._changed.wait(_TICK_SECONDS)
            self._changed.clear()

    def _turn(self) -> None:
        for line in self._lines:
            line.look()
        self._let_go()
        if self._wants_another() and self._clock() >= self._next_try:
            self._open()
        self._note()
        self.on_turn(self.standing)

    def _let_go(self) -> None:
        """Forget what has ended; end what was replaced and has nothing in hand any more."""
        for line in [one for one in self._lines if one.over.is_set()]:
            self._lost(line)
        self._lines = tuple(line for line in self._lines if not line.over.is_set())
        if self._wants_another():
            return
        longest = self._pace.leave_after.total_seconds()
        for line in self._lines:
            if line.farewell and (not line.in_hand or self._clock() - line.farewell_at >= longest):
                line.end()

    def _lost(self, line: Line) -> None:
        if self._stopping.is_set():
            return
        replaced = line.farewell is not None and line.hello_at is not None
        log.info("slack_socket_ended", reason=line.error, seconds=round(line.age))
        if replaced:
            return
        self._error = line.error
        if line.hello_at is None or line.age < self._pace.proven_after.total_seconds():
            self._wait(self._backoff.after(self._failures + 1))
            return
        self._failures = 0
        self._next_try = self._clock() + self._chance() * self._pace.spread.total_seconds()

    def _wants_another(self) -> bool:
        return not any(line.is_in_service and line.farewell is None for line in self._lines)

    def _open(self) -> None:
        line = Line(self._pace, self._receive, self._changed.set, self._clock)
        try:
            line.open(self._issue(), self._issue.proxy)
        except NotIssued as error:
            self._error = error.code
            own = _LONGEST_WAIT if error.lasting else self._backoff.after(self._failures + 1)
            self._wait(own if error.wait is None else self._backoff.at_least(error.wait))
            return
        except NotConnected as error:
            self._error = str(error)
            self._wait(self._backoff.after(self._failures + 1))
            return
        self._lines = (*self._lines, line)
        line.ready.wait(self._pace.hello_within.total_seconds())
        if line.hello_at is None:
            line.end("no hello")
            line.over.wait(1.0)
            self._let_go()
            return
        log.info("slack_socket_connected", connections=len(self._lines))

    def _wait(self, span: timedelta) -> None:
        self._failures += 1
        self._next_try = self._clock() + span.total_seconds()
        log.warning("slack_socket_refused", reason=self._error, seconds=round(span.total_seconds(), 1))

    def _note(self) -> None:
        connected = any(line.is_in_service for line in self._lines)
        if connected is not self._connected:
            self._connected, self._since = connected, self._clock()
        if any(line.is_in_service and line.age >= self._pace.proven_after.total_seconds() for line in self._lines):
            self._failures = 0

    # envelopes ------------------------------------------------------------------------------------------------

    def _receive(self, line: Line, envelope: Envelope) -> None:
        if self._stopping.is_set():
            return
        if not self._room.acquire(blocking=False):
            log.warning("slack_envelope_not_taken", kind=envelope.kind, in_hand=MOST_IN_HAND)
            self._meter.enveloped(envelope.kind, "not_taken", 0.0)
            return
        line.hold(+1)
        try:
            self._pool.submit(self._answer, line, envelope)
        except RuntimeError:
            # The pool was shut down between the look and the call.
            self._done(line)

    def _answer(self, line: Line, envelope: Envelope) -> None:
        began, result = time.perf_counter(), "failed"
        with structlog.contextvars.bound_contextvars(request=envelope.id):
            try:
                answer = self._work(envelope.payload)
                sent = line.acknowledge(envelope, envelope.acknowledged(answer))
                result = "acknowledged" if sent else "not_sent"
            except Exception as error:
                # Not acknowledged: Slack sends it again. Nothing was stored, or what was is known by its ids.
                log.warning("slack_envelope_failed", kind=envelope.kind, exc_info=error)
            finally:
                seconds = time.perf_counter() - began
                self._done(line)
                self._meter.enveloped(envelope.kind, result, seconds)
                log.info("envelope", kind=envelope.kind, result=result, milliseconds=round(seconds * 1000, 1))

    def _done(self, line: Line) -> None:
        self._room.release()
        line.hold(-1)
