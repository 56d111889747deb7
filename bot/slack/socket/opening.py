"""Where a connection is to be opened: Slack issues an address for each, against the app's token."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from slack_sdk import WebClient

from bot.jobs.port import GiveUp, Retry
from bot.slack.calls import Calls
from config.settings.rules import is_loopback

_TLS_PORT: Final = 443


class NotIssued(Exception):
    """Slack gave no address. `wait`: how long it asked to wait; `lasting`: no later try cures it by itself."""

    def __init__(self, code: str, wait: timedelta | None = None, *, lasting: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.wait = wait
        self.lasting = lasting


class Issuer:
    """Asks `apps.connections.open`. `client` has a time-out and does not retry by itself."""

    def __init__(self, client: WebClient, app_token: str) -> None:
        self._client = client
        self._app_token = app_token

    @property
    def proxy(self) -> str | None:
        """The proxy that the API is reached by; the connection takes the same."""
        return self._client.proxy

    def __call__(self) -> str:
        """A fresh address, good for one connection. Raises NotIssued."""
        calls = Calls(self._client)
        try:
            answer = calls.ask(lambda: self._client.apps_connections_open(app_token=self._app_token))
        except Retry as error:
            raise NotIssued(error.reason, error.after) from error
        except GiveUp as error:
            raise NotIssued(error.reason, lasting=True) from error
        url = str(answer.get("url") or "")
        if not _is_safe(url):
            code = "insecure_address"
            raise NotIssued(code, lasting=True)
        return url


def _is_safe(url: str) -> bool:
    """The SDK speaks TLS on port 443 only, and plain text on any other: fit for this machine alone."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme == "wss" and host and port in {None, _TLS_PORT}:
        return True
    return parts.scheme in {"ws", "wss"} and is_loopback(host)
