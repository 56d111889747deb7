"""What this machine can do at all, measured in the same run: the figures stand beside it."""

import os
import socket
import threading
import time
from pathlib import Path

SYNCS = 300
ROUND_TRIPS = 3000


def fdatasync_rate(folder: Path) -> float:
    """Appends of 4 KiB with fdatasync, per second, on the disk that the databases use."""
    file = folder / "probe"
    block = os.urandom(4096)
    with file.open("wb", buffering=0) as stream:
        started = time.perf_counter()
        for _ in range(SYNCS):
            stream.write(block)
            os.fdatasync(stream.fileno())
        spent = time.perf_counter() - started
    file.unlink()
    return SYNCS / spent


def loopback_rate() -> float:
    """Round trips of 2 KiB over one loopback connection, per second."""
    server = socket.create_server(("127.0.0.1", 0))
    block = bytes(2048)

    def echo() -> None:
        connection, _ = server.accept()
        with connection:
            for _ in range(ROUND_TRIPS):
                connection.sendall(_exactly(connection, len(block)))

    thread = threading.Thread(target=echo)
    thread.start()
    with socket.create_connection(server.getsockname()) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        started = time.perf_counter()
        for _ in range(ROUND_TRIPS):
            client.sendall(block)
            _exactly(client, len(block))
        spent = time.perf_counter() - started
    thread.join()
    server.close()
    return ROUND_TRIPS / spent


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = connection.recv(size)
        if not part:
            raise ConnectionError("expected more bytes, found the end")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
