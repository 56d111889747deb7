"""Addresses that Slack hands out: the bot's token, and what is confidential, goes to Slack and nowhere else."""

import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

_HOSTS: Final = (".slack.com", ".slack-gov.com", ".slack-files.com")


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing by itself: what is sent must not travel along."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Nowhere."""
        return


def is_slack(url: str, own: str) -> bool:
    """Slack itself, or the host that the configured API address `own` names (a gateway, a test)."""
    target, base = urlsplit(url), urlsplit(own)
    if (target.scheme, target.netloc) == (base.scheme, base.netloc):
        return True
    return target.scheme == "https" and ("." + (target.hostname or "")).endswith(_HOSTS)


def wait_asked(error: urllib.error.HTTPError) -> timedelta | None:
    """How long an answer asks to wait; None where it does not say."""
    wait = error.headers.get("retry-after") or ""
    return timedelta(seconds=int(wait)) if wait.isdigit() else None
