"""Asks Slack whether the tokens work and what they may, for whoever checks an installation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.slack.client import NO_ANSWER, Client, code_of
from bot.slack.manifest import SCOPES
from bot.slack.scopes import scopes_in
from bot.slack.socket.opening import Issuer, NotIssued

TIMEOUT: Final = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """What Slack said. `error` is its code, empty when the token works; `missing` are scopes that it lacks."""

    error: str
    team: str = ""
    missing: tuple[str, ...] = ()


def check_bot(token: str, api_url: str) -> Standing:
    """Whether the bot's token works, where, and which scopes it lacks."""
    client = Client(token, base_url=api_url, timeout=TIMEOUT)
    answer = _asked(client.auth_test)
    if isinstance(answer, str):
        return Standing(answer)
    given = scopes_in(answer.headers)
    missing = tuple(scope for scope in SCOPES if given and scope not in given)
    return Standing("", str(answer.get("team") or ""), missing)


def check_app(token: str, api_url: str) -> str:
    """The code with which a connection of Socket Mode would be refused; empty when none would. None is opened."""
    try:
        Issuer(Client(None, base_url=api_url, timeout=TIMEOUT), token)()
    except NotIssued as error:
        return error.code if error.lasting else NO_ANSWER
    return ""


def _asked(call: Callable[[], SlackResponse]) -> SlackResponse | str:
    try:
        return call()
    except SlackApiError as error:
        return code_of(error) or NO_ANSWER
    except (SlackClientError, OSError):
        return NO_ANSWER
