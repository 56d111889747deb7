"""Tests stay on this machine: whatever leaves it is refused where it starts."""

import ipaddress
import sys
from typing import Any

LOCAL = {"", "localhost", "ip6-localhost"}


class OutsideWorldError(RuntimeError):
    """A test tried to reach another machine."""


def stay_inside() -> None:
    """Refuse, for the rest of this process, to look up or connect to anything but this machine."""
    sys.addaudithook(_guard)


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _check(arguments[1][0])
    elif event == "socket.getaddrinfo":
        _check(arguments[0])


def _check(host: object) -> None:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    if name in LOCAL:
        return
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        pass
    message = f"tests reach only this machine, found a connection to {name}"
    raise OutsideWorldError(message)
