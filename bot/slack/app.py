"""The edge: one request of Slack in, one answer out. Called in a thread; blocks at most a few seconds.

A request is a signed one over HTTP or an envelope of Socket Mode; from there on they are the same.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog
from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.internals import build_context
from slack_sdk import WebClient

from bot.slack.body import Body, read_body, text_at
from bot.slack.commands import on_command
from bot.slack.desk import Desk
from bot.slack.events import AcceptEvent, IncomingEvent, read_event
from bot.slack.installation import Installation
from bot.slack.interactions import on_button, on_shortcut, on_submission
from bot.slack.repeats import Repeats
from bot.slack.verification import Verification
from workflows.errors import BrokenInput, WachbuchError

log = structlog.get_logger(__name__)

Response = tuple[int, dict[str, str], bytes]
LARGEST_BODY: Final = 1024 * 1024
"""Slack's requests are far smaller; more than this is refused unread."""
_KEPT_HEADERS: Final = ("content-type", "user-agent", "x-slack-request-timestamp", "x-slack-retry-num")
_ANY: Final = re.compile(r".*", re.DOTALL)
_ANY_OBJECT: Final[Mapping[str, Any]] = {"action_id": _ANY}
_OK: Final = 200
_JSON: Final[Mapping[str, str]] = {"content-type": "application/json"}
_NOT_HANDLED: Final = 404


class NotTaken(WachbuchError):
    """A payload was not worked off, through a fault of ours that the log names."""


class SlackEdge:
    """Verifies, reads, and hands to Bolt, which finds the handler.

    Bolt is used without its token check at start and without its own thread pool: the acknowledgement is sent after the
    handler, since it carries the answer.
    """

    def __init__(
        self,
        *,
        desk: Desk,
        accept_event: AcceptEvent,
        installation: Callable[[], Installation],
        verification: Verification | None,
    ) -> None:
        """`verification` None: there are no requests over HTTP."""
        self._desk = desk
        self._accept = accept_event
        self._installation = installation
        self._verification = verification
        self._repeats: Repeats[Response] = Repeats()
        self._app = self._bolt()

    def handle(self, raw_body: bytes, headers: Mapping[str, str]) -> Response:
        """Answer a request. 401 not from Slack, 413 too large, 400 not readable; 200 for whatever is not handled."""
        lowered = {name.lower(): value for name, value in headers.items()}
        if len(raw_body) > LARGEST_BODY:
            return _problem(413, "too large")
        if self._verification is None or not self._verification.holds(raw_body, lowered):
            return _problem(401, "not signed by Slack")
        try:
            body = read_body(raw_body, lowered.get("content-type", ""))
        except BrokenInput as error:
            return _problem(400, str(error))
        return self._genuine(raw_body, lowered, body)

    def take(self, payload: Body) -> Body | None:
        """Work off the payload of an envelope, which needs no signature: its connection is ours. Its answer, if any.

        Raises NotTaken when it was not worked off, and lets errors of the store through: then it is to come again.
        """
        raw = json.dumps(payload).encode()
        status, _, answer = self._genuine(raw, dict(_JSON), payload)
        if status != _OK:
            raise NotTaken(f"expected it to be worked off, found status {status}")
        found = json.loads(answer) if answer.startswith(b"{") else None
        return found if isinstance(found, dict) else None

    def _genuine(self, raw_body: bytes, headers: dict[str, str], body: Body) -> Response:
        if text_at(body, "type") == "url_verification":
            return _answer(_OK, json.dumps({"challenge": text_at(body, "challenge")}))
        event = read_event(raw_body, body)
        if event is not None:
            return self._event(event, headers)
        if self._from_elsewhere(body):
            log.warning("slack_other_workspace", team=text_at(body, "user", "team_id"))
            return _answer(_OK, "")
        if not text_at(body, "trigger_id"):
            return self._dispatch(raw_body, headers, body)
        key = hashlib.sha256(raw_body).hexdigest()
        # A form may have been answered as not decided yet; sent once more it is told what it led to.
        keep = text_at(body, "type") != "view_submission"
        return self._repeats.once(key, lambda: self._dispatch(raw_body, headers, body), keep=keep)

    def close(self) -> None:
        """Let the work in hand end."""
        self._desk.pool.shutdown(wait=True)

    def _event(self, event: IncomingEvent, headers: Mapping[str, str]) -> Response:
        kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        new = self._accept(event, kept)
        log.info("slack_event", kind=event.kind, new=new)
        return _answer(_OK, "")

    def _from_elsewhere(self, body: Body) -> bool:
        """Somebody of another workspace, in a shared channel: not one of us, whatever they press."""
        ours, theirs = self._installation().team_id, text_at(body, "user", "team_id")
        return bool(ours and theirs and ours != theirs)

    def _dispatch(self, raw_body: bytes, headers: dict[str, str], body: Body) -> Response:
        sent: dict[str, Any] = dict(headers)
        request = BoltRequest(body="", headers=sent)
        request.raw_body, request.body = raw_body.decode(), body
        request.context = build_context(request.context, body)
        response = self._app.dispatch(request)
        if response.status == _NOT_HANDLED:
            log.info("slack_unhandled", type=text_at(body, "type"))
            return _answer(_OK, "")
        return _from_bolt(response)

    def _bolt(self) -> App:
        quiet = logging.getLogger("wachbuch.slack.bolt")
        # Bolt logs whole bodies at INFO when a signature fails and at WARNING when nothing matches.
        quiet.setLevel(logging.ERROR)
        client = self._desk.client
        app = App(
            logger=quiet,
            name="wachbuch",
            client=WebClient(base_url=client.base_url, timeout=client.timeout, logger=quiet),
            # Bolt fills arguments by name and would fill a bound method's `self` as well.
            authorize=lambda: self._authorize(),  # noqa: PLW0108
            token_verification_enabled=False,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            process_before_response=True,
        )
        self._listen(app)
        return app

    def _authorize(self) -> AuthorizeResult:
        found = self._installation()
        return AuthorizeResult(
            enterprise_id=None,
            team_id=found.team_id or None,
            bot_token=self._desk.client.token,
            bot_id=found.bot_id or None,
            bot_user_id=found.bot_user_id or None,
        )

    def _listen(self, app: App) -> None:
        desk = self._desk

        def command(ack: Ack, body: Body) -> None:
            _acknowledge(ack, on_command(desk, body))

        def button(ack: Ack, body: Body) -> None:
            on_button(desk, body)
            ack()

        def submission(ack: Ack, body: Body) -> None:
            _acknowledge(ack, on_submission(desk, body))

        def shortcut(ack: Ack, body: Body) -> None:
            on_shortcut(desk, body)
            ack()

        app.command(_ANY)(command)
        app.block_action(dict(_ANY_OBJECT))(button)
        app.view_submission(_ANY)(submission)
        app.shortcut(_ANY)(shortcut)


def _acknowledge(ack: Ack, body: Mapping[str, Any]) -> None:
    if body:
        ack(dict(body))
    else:
        ack()


def _from_bolt(response: BoltResponse) -> Response:
    headers = {name: values[0] for name, values in response.headers.items() if values}
    return response.status, headers, response.body.encode()


def _answer(status: int, text: str) -> Response:
    kind = "application/json" if text.startswith("{") else "text/plain;charset=utf-8"
    return status, {"content-type": kind}, text.encode()


def _problem(status: int, detail: str) -> Response:
    return _answer(status, json.dumps({"error": detail}))
