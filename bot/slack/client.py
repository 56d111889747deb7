"""Slack's Web API as we call it: with a time-out, without the SDK's own retries, and measured."""

import logging
import time
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.meter import Meter
from bot.slack.scopes import Scopes

NO_ANSWER = "no_answer"
"""Nothing came back, or nothing that could be read."""


class Client(WebClient):
    """The SDK's client. Not its handler of retries: that would post again what may have been posted before."""

    def __init__(
        self,
        token: str | None,
        *,
        base_url: str,
        timeout: int,
        meter: Meter | None = None,
        scopes: Scopes | None = None,
    ) -> None:
        """`timeout` in seconds; `scopes` gets to know what the token may do."""
        quiet = logging.getLogger("wachbuch.slack.web")
        # Whoever calls tells what went wrong; the SDK would tell it as well, with whatever the error says.
        quiet.setLevel(logging.CRITICAL)
        super().__init__(token, base_url=base_url, timeout=timeout, retry_handlers=[], logger=quiet)
        self._meter = meter or Meter()
        self._scopes = scopes or Scopes()

    def api_call(self, api_method: str, **parts: Any) -> SlackResponse:
        """Call, and tell how it went."""
        began, error = time.perf_counter(), ""
        try:
            answer = super().api_call(api_method, **parts)
            self._scopes.note(answer.headers)
            return answer
        except SlackApiError as failure:
            error = code_of(failure) or NO_ANSWER
            self._scopes.note(getattr(failure.response, "headers", None))
            raise
        except (SlackClientError, OSError):
            error = NO_ANSWER
            raise
        finally:
            self._meter.slack_called(api_method, error, time.perf_counter() - began)


def code_of(error: SlackApiError) -> str:
    """The error code that Slack gave."""
    response = error.response
    return str(response.get("error") or "") if isinstance(response, SlackResponse | dict) else ""
