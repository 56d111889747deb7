"""The socket below the SDK's WebSocket connection, with what the SDK leaves to it.

The SDK sends by `send`, which may take a part only, and no message of more than 64 KiB; it reads on for ever at the end
of a stream; and a time-out in the middle of a message loses the beginning of that message. Here every message goes out
whole, and the end of the stream and a silence are errors that end the connection.
"""

import secrets
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_WHOLE_TEXT: Final = 0x81
_MASKED: Final = 0x80
_TWO_BYTES, _EIGHT_BYTES = 126, 127


class Wire:
    """Stands in for the socket. `heard_at` is when anything arrived last (monotonic seconds)."""

    def __init__(self, inner: socket.socket, silence: float, clock: Callable[[], float]) -> None:
        """`silence`: after so many seconds without a byte the connection counts as dead."""
        self._inner = inner
        self._clock = clock
        self.heard_at = clock()
        inner.settimeout(silence)

    def recv(self, size: int) -> bytes:
        """Some bytes, never none. ConnectionError: the other side closed, or has been silent for too long."""
        try:
            found = self._inner.recv(size)
        except TimeoutError as error:
            message = "silent for too long"
            raise ConnectionAbortedError(message) from error
        if not found:
            message = "closed by the other side"
            raise ConnectionResetError(message)
        self.heard_at = self._clock()
        return found

    def send(self, data: bytes) -> int:
        """All of it, or an error."""
        try:
            self._inner.sendall(data)
        except TimeoutError as error:
            message = "could not be written for too long"
            raise ConnectionAbortedError(message) from error
        return len(data)

    def wake(self) -> None:
        """End reading and writing, also where a thread waits in it. Closing alone would have to wait for that."""
        with suppress(OSError):
            self._inner.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the socket back."""
        self._inner.close()


def text_frame(text: bytes) -> bytes:
    """A whole text message of any size, masked as a client's must be (RFC 6455, 5.2 and 5.3)."""
    size = len(text)
    if size < _TWO_BYTES:
        head = struct.pack("!BB", _WHOLE_TEXT, _MASKED | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", _WHOLE_TEXT, _MASKED | _TWO_BYTES, size)
    else:
        head = struct.pack("!BBQ", _WHOLE_TEXT, _MASKED | _EIGHT_BYTES, size)
    mask = secrets.token_bytes(4)
    repeated = (mask * (size // 4 + 1))[:size]
    masked = (int.from_bytes(text, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")
    return head + mask + masked
