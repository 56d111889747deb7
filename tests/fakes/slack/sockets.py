"""Socket Mode as Slack does it: tickets, connections, envelopes that are sent again until one acknowledges them."""

import itertools
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.slack.frames import CLOSE, PING, PONG, TEXT, Frames, Violation
from tests.fakes.slack.world import APP

APP_TOKEN: Final = "xapp-1-of-the-fake"
MOST_CONNECTIONS: Final = 10
TICKET_SECONDS: Final = 30.0
CONNECT_SECONDS: Final = 60.0
"""How long an envelope waits for a connection."""
EVENT_TRIES: Final = 4
"""Slack tries an event once and up to three times more."""
LOST_TRIES: Final = 20
"""How often an envelope whose connection ended is given to another one."""


@dataclass(slots=True)
class Connection:
    """One connection of the app. `hung`: it stays open and is never heard of again."""

    number: int
    frames: Frames
    acknowledged: dict[str, Any] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    pongs: int = 0
    over: bool = False
    retired: bool = False
    hung: bool = False


class Sockets:
    """All connections, and what goes over them."""

    def __init__(self) -> None:
        self.open: list[Connection] = []
        self.tickets: dict[str, float] = {}
        self.violations: list[str] = []
        self.delivered: list[str] = []
        """Envelope ids in the order of sending; a repeat stands here twice."""
        self.ack_seconds = 3.0
        self.ping_seconds = 2.0
        self.enabled = True
        self.deaf = False
        """Acknowledgements are lost on their way."""
        self.opened = 0
        self.twice = 0
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._turn = itertools.count()

    # opening --------------------------------------------------------------------------------------------------

    def ticket(self) -> str:
        """A ticket for one connection."""
        with self._changed:
            found = secrets.token_urlsafe(16)
            self.tickets[found] = time.monotonic()
            return found

    def redeem(self, ticket: str) -> bool:
        """Use a ticket up: once, within half a minute."""
        with self._changed:
            issued = self.tickets.pop(ticket, None)
            return issued is not None and time.monotonic() - issued < TICKET_SECONDS

    def serve(self, frames: Frames) -> None:
        """One connection, from its hello to its end."""
        one = Connection(next(self._numbers), frames)
        if not self.enabled:
            self._farewell(one, "link_disabled")
            return
        with self._changed:
            self.opened += 1
            if len(self.open) >= MOST_CONNECTIONS:
                self._farewell(one, "too_many_websockets")
                return
            self.open.append(one)
        try:
            self._tell(one, self._hello())
            with self._changed:
                self._changed.notify_all()
            threading.Thread(target=self._ping, args=(one,), daemon=True).start()
            self._listen(one)
        except (OSError, Violation) as error:
            if isinstance(error, Violation):
                self.violations.append(str(error))
        finally:
            self._end(one)

    def _hello(self) -> dict[str, Any]:
        debug = {"host": "applink-of-the-fake", "build_number": 1, "approximate_connection_time": 18060}
        info = {"app_id": APP}
        return {"type": "hello", "num_connections": len(self.open), "debug_info": debug, "connection_info": info}

    def _listen(self, one: Connection) -> None:
        while (frame := one.frames.read()) is not None:
            opcode, data = frame
            if one.hung:
                continue
            if opcode == PING:
                one.frames.send(PONG, data)
            elif opcode == PONG:
                one.pongs += 1
            elif opcode == CLOSE:
                return
            elif opcode == TEXT:
                self._acknowledged(one, data)

    def _acknowledged(self, one: Connection, data: bytes) -> None:
        if self.deaf:
            return
        said = json.loads(data)
        key = said.get("envelope_id", "")
        with self._changed:
            if key not in one.waiting:
                # Late ones are daily business; one that was never sent here is not.
                if key not in self.delivered:
                    self.violations.append(f"acknowledged {key!r}, which was never sent")
                return
            one.waiting.discard(key)
            one.acknowledged[key] = said.get("payload")
            self._changed.notify_all()

    def _ping(self, one: Connection) -> None:
        while not one.over:
            time.sleep(self.ping_seconds)
            if one.hung or one.over:
                continue
            try:
                one.frames.send(PING, f"Ping from applink {one.number}".encode())
            except OSError:
                return

    def _tell(self, one: Connection, message: Any) -> None:
        one.frames.send(TEXT, json.dumps(message).encode())

    def _end(self, one: Connection) -> None:
        with self._changed:
            one.over = True
            if one in self.open:
                self.open.remove(one)
            self._changed.notify_all()
        one.frames.cut()

    def _farewell(self, one: Connection, reason: str) -> None:
        self._tell(one, {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-of-the-fake"}})
        one.frames.send(CLOSE, b"\x03\xe8")
        one.frames.cut()

    # what may happen to connections -----------------------------------------------------------------------------

    def warn(self, reason: str, linger: float) -> int:
        """Ask every connection to be replaced; it ends by itself after `linger` seconds. How many were asked."""
        with self._changed:
            asked = list(self.open)
            for one in asked:
                one.retired = True
        for one in asked:
            self._tell(one, {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-of-the-fake"}})
            timer = threading.Timer(linger, self._end, (one,))
            timer.daemon = True
            timer.start()
        return len(asked)

    def cut(self) -> int:
        """End all connections without a word."""
        with self._changed:
            found = list(self.open)
        for one in found:
            self._end(one)
        return len(found)

    def give_up_waiting(self) -> None:
        """The time is over for all envelopes that nobody has acknowledged yet."""
        with self._changed:
            for one in self.open:
                one.waiting.clear()
            self._changed.notify_all()

    def hang(self) -> int:
        """All connections stay open and are silent from now on."""
        with self._changed:
            for one in self.open:
                one.hung = True
            return len(self.open)

    def close(self) -> None:
        """The end of the fake."""
        self.cut()

    # envelopes ------------------------------------------------------------------------------------------------

    def deliver(self, kind: str, payload: Any, *, retry: int = 0) -> dict[str, Any]:
        """Send an envelope until it is acknowledged: `{"acknowledged": …, "payload": …, "sent": …}`.

        One whose connection ended is given to another. One that is not acknowledged in time: an event is sent again, a
        command or interaction is answered with an error by Slack itself.
        """
        key = secrets.token_hex(8)
        answers = kind in ("slash_commands", "interactive")
        envelope = {"envelope_id": key, "type": kind, "payload": payload, "accepts_response_payload": answers}
        sent = lost = 0
        while lost < LOST_TRIES and (sent < EVENT_TRIES or lost):
            one = self._next(CONNECT_SECONDS)
            if one is None:
                break
            if kind == "events_api":
                envelope |= {"retry_attempt": retry + sent, "retry_reason": "timeout" if retry + sent else ""}
            sent += 1
            patience = self.ack_seconds
            if not self._send(one, key, envelope):
                lost += 1
                continue
            found = self._wait(one, key, patience)
            if found is not None:
                if found[0] is not None and not answers:
                    self.violations.append(f"a payload for an envelope of {kind}, which takes none")
                return {"acknowledged": True, "payload": found[0], "sent": sent}
            if not one.over and not one.hung and kind != "events_api":
                break
            lost += one.over or one.hung
        return {"acknowledged": False, "payload": None, "sent": sent}

    def _send(self, one: Connection, key: str, envelope: Any) -> bool:
        with self._changed:
            one.waiting.add(key)
            self.delivered.append(key)
            copies = 2 if self.twice else 1
            self.twice = max(0, self.twice - 1)
        try:
            for _ in range(copies):
                self._tell(one, envelope)
        except OSError:
            return False
        return True

    def _next(self, seconds: float) -> Connection | None:
        """Any connection, in turn; waits for one."""
        with self._changed:
            self._changed.wait_for(lambda: any(not one.retired for one in self.open), seconds)
            usable = [one for one in self.open if not one.retired]
            return usable[next(self._turn) % len(usable)] if usable else None

    def _wait(self, one: Connection, key: str, seconds: float) -> tuple[Any] | None:
        with self._changed:
            self._changed.wait_for(lambda: key not in one.waiting or one.over, seconds)
            one.waiting.discard(key)
            return (one.acknowledged[key],) if key in one.acknowledged else None
