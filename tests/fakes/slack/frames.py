"""The server's half of RFC 6455: handshake and frames, as much as Slack uses, and strict about the client's half."""

import base64
import hashlib
import socket
import struct
import threading
from io import BufferedIOBase
from typing import Final

TEXT: Final = 1
CLOSE: Final = 8
PING: Final = 9
PONG: Final = 10
_GUID: Final = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_SHORT, _MEDIUM = 126, 127


class Violation(Exception):
    """The client broke the protocol."""


def accept_of(key: str) -> str:
    """`Sec-WebSocket-Accept` for a client's key (RFC 6455, 4.2.2)."""
    return base64.b64encode(hashlib.sha1(f"{key}{_GUID}".encode()).digest()).decode()  # noqa: S324 the protocol's


class Frames:
    """One upgraded connection: whole frames in and out. Several threads may send."""

    def __init__(self, connection: socket.socket, stream: BufferedIOBase) -> None:
        self._connection = connection
        self._stream = stream
        self._sending = threading.Lock()

    def send(self, opcode: int, data: bytes) -> None:
        """One frame, unmasked as a server's are. OSError: the client is gone."""
        size = len(data)
        head = bytes([0x80 | opcode])
        if size < _SHORT:
            head += bytes([size])
        elif size < 1 << 16:
            head += bytes([_SHORT]) + struct.pack("!H", size)
        else:
            head += bytes([_MEDIUM]) + struct.pack("!Q", size)
        with self._sending:
            self._connection.sendall(head + data)

    def read(self) -> tuple[int, bytes] | None:
        """The next frame; None when the client hung up. Violation: not masked, or in pieces."""
        head = self._exactly(2)
        if head is None:
            return None
        if not head[0] & 0x80:
            raise Violation("a frame in pieces")
        if not head[1] & 0x80:
            raise Violation("a client's frame must be masked")
        size = head[1] & 0x7F
        if size in (_SHORT, _MEDIUM):
            more = self._exactly(2 if size == _SHORT else 8)
            if more is None:
                return None
            size = int.from_bytes(more, "big")
        rest = self._exactly(4 + size)
        if rest is None:
            return None
        mask, masked = rest[:4], rest[4:]
        repeated = (mask * (size // 4 + 1))[:size]
        plain = (int.from_bytes(masked, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")
        return head[0] & 0x0F, plain

    def cut(self) -> None:
        """End the connection without a word, in both directions."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _exactly(self, size: int) -> bytes | None:
        try:
            found = self._stream.read(size) if size else b""
        except (OSError, ValueError):
            return None
        return found if len(found) == size else None
