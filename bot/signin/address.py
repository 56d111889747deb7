"""Where people find the console: under the public address, or on this machine alone."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bot.chat.port import Reach
from config.settings import Settings
from config.settings.rules import is_loopback

_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 compared, not bound


@dataclass(frozen=True, slots=True)
class Address:
    """`url` without a slash at its end; empty where no address would work."""

    url: str = ""
    reach: Reach = Reach.NOWHERE

    @property
    def origin(self) -> str:
        """As browsers name it: scheme, host, and a port that is not the usual one."""
        parts = urlsplit(self.url)
        usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
        return f"{parts.scheme}://{parts.netloc.casefold().removesuffix(usual)}" if self.url else ""


def console_address(settings: Settings) -> Address:
    """The address by the settings. Over plain http a session could be read on the way: on this machine only."""
    if settings.public_url:
        url, parts = settings.public_url.rstrip("/"), urlsplit(settings.public_url)
        if parts.scheme == "https":
            return Address(url, Reach.ANYWHERE)
        return Address(url, Reach.HERE) if is_loopback(parts.hostname or "") else Address("", Reach.NOWHERE)
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    if not is_loopback(host) or not settings.port:
        return Address("", Reach.NOWHERE)
    return Address(f"http://{f'[{host}]' if ':' in host else host}:{settings.port}", Reach.HERE)
