"""A bounded load over loopback: requests made beforehand, a fixed number of connections, every answer timed."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Load:
    """What came back: seconds per request, and how many answers had which status."""

    seconds: tuple[float, ...]
    statuses: Counter[int]
    wall: float

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.seconds) / self.wall


def raw_request(url: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """The bytes of a POST request that keeps its connection."""
    host = urlsplit(url).netloc
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run_load(url: str, requests: Sequence[bytes], connections: int) -> Load:
    """Send all requests over so many connections, each as fast as it is answered."""
    return asyncio.run(_run(url, list(requests), connections))


async def _run(url: str, requests: list[bytes], connections: int) -> Load:
    parts = urlsplit(url)
    queue = iter(requests)
    seconds: list[float] = []
    statuses: Counter[int] = Counter()

    async def one() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for request in queue:
            started = time.perf_counter()
            writer.write(request)
            statuses[await _status(reader)] += 1
            seconds.append(time.perf_counter() - started)
        writer.close()
        await writer.wait_closed()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return Load(tuple(seconds), statuses, time.perf_counter() - started)


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    await reader.readexactly(length)
    return int(lines[0].split(b" ")[1])
