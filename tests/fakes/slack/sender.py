"""Talks to our service as Slack does: signed slash commands, submissions, clicks and events."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.fakes.client import Answer, Controls, Transport
from tests.fakes.slack.blocks import elements
from tests.fakes.slack.filling import NotThere, chosen, option, state, unanswered
from tests.fakes.slack.server import SIGNING_SECRET
from tests.fakes.slack.world import APP, BOT_USER, TEAM

_FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature of a request body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def over_socket(slack_url: str) -> Transport:
    """A transport by Socket Mode: what would be a request goes as an envelope. 504 when nobody acknowledges it."""
    slack = Controls(slack_url)

    def send(_: str, headers: Mapping[str, str], body: bytes) -> Answer:
        kind, payload = envelope_of(body, headers.get("content-type", ""))
        told = slack.do("deliver", kind=kind, payload=payload, retry=int(headers.get("x-slack-retry-num", "0")))
        if not told["acknowledged"]:
            return Answer(504, {}, b"")
        said = told["payload"]
        return Answer(200, {}, json.dumps(said).encode() if said is not None else b"")

    return send


def envelope_of(body: bytes, content_type: str) -> tuple[str, Any]:
    """Kind and payload of the envelope that carries what this request of Slack would."""
    if not content_type.startswith(_FORM):
        return "events_api", json.loads(body)
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return ("interactive", json.loads(fields["payload"])) if "payload" in fields else ("slash_commands", fields)


class SlackSender:
    """One person's Slack client and Slack's servers in one.

    `transport` reaches our service, `slack_url` the fake that issues trigger ids and keeps the views.
    """

    def __init__(
        self, transport: Transport, slack_url: str, *, secret: str = SIGNING_SECRET, path: str = "/slack/events"
    ) -> None:
        self.transport = transport
        self.slack = Controls(slack_url)
        self.secret = secret
        self.path = path
        self._events = itertools.count(1)

    # requests -------------------------------------------------------------------------------------------------

    def send(self, body: bytes, content_type: str, headers: Mapping[str, str] | None = None) -> Answer:
        """One signed request."""
        timestamp = str(int(time.time()))
        signed = {
            "content-type": content_type,
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": signature(self.secret, timestamp, body),
        }
        return self.transport(self.path, {**signed, **(headers or {})}, body)

    def command(self, command: str, text: str = "", *, user: str, channel: str = "") -> Answer:
        """A slash command, typed in a channel (default: the user's own direct message)."""
        where = channel or f"D{user[1:]}"
        form = {
            "token": "unused",
            "team_id": TEAM,
            "team_domain": "wachbuch",
            "channel_id": where,
            "channel_name": self._channel_name(where),
            "user_id": user,
            "user_name": user.lower(),
            "command": command,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            **self.slack.do("issue", user=user, channel=where),
        }
        answer = self.send(urlencode(form).encode(), _FORM)
        told = answer.json() if answer.status == 200 else None
        if told and (found := self.slack.do("acknowledge", body=told)):
            raise AssertionError(found)
        return answer

    def _channel_name(self, channel: str) -> str:
        known = self.slack.part("channels", id=channel).get(channel)
        return known["name"] if known and known["name"] else "directmessage"

    def interaction(self, payload: Mapping[str, Any]) -> Answer:
        """Any interaction, as the form field `payload`."""
        return self.send(urlencode({"payload": json.dumps(payload)}).encode(), _FORM)

    def event(self, event: Mapping[str, Any], *, event_id: str = "", retry: int = 0) -> Answer:
        """An Events API delivery; the same `event_id` again is a retry."""
        envelope = {
            "token": "unused",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": event_id or f"Ev0{next(self._events):09d}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        }
        retries = {"x-slack-retry-num": str(retry), "x-slack-retry-reason": "http_timeout"} if retry else {}
        return self.send(json.dumps(envelope).encode(), "application/json", retries)

    # events ---------------------------------------------------------------------------------------------------

    def message(
        self, channel: str, user: str, text: str, thread_ts: str | None = None
    ) -> tuple[dict[str, Any], Answer]:
        """A person writes in a channel; returns the message and the answer."""
        said = self.slack.do("say", channel=channel, user=user, text=text, thread_ts=thread_ts)
        kind = "im" if channel.startswith("D") else "channel"
        return said, self.event({**said, "channel_type": kind, "event_ts": said["ts"]})

    def mention(self, channel: str, user: str, text: str = "", thread_ts: str | None = None) -> Answer:
        """A person mentions the bot."""
        said = self.slack.do("say", channel=channel, user=user, text=text, thread_ts=thread_ts)
        event = {**said, "type": "app_mention", "text": f"<@{BOT_USER}> {said['text']}".strip()}
        return self.event({**event, "event_ts": said["ts"]})

    def reaction(self, channel: str, ts: str, user: str, name: str) -> Answer:
        """A person reacts to a message."""
        self.slack.do("react", channel=channel, ts=ts, user=user, name=name)
        item = {"type": "message", "channel": channel, "ts": ts}
        stamp = f"{time.time():.6f}"
        return self.event({"type": "reaction_added", "user": user, "reaction": name, "item": item, "event_ts": stamp})

    def file(self, channel: str, user: str, name: str, content: str, **more: Any) -> tuple[dict[str, Any], Answer]:
        """A person shares a file; Slack tells it twice, as a message and as a file. `more` as in `share_file`."""
        shared = self.slack.do("share_file", channel=channel, user=user, name=name, content=content, **more)
        thread = {"thread_ts": more["thread_ts"]} if more.get("thread_ts") else {}
        ts = shared["message_ts"]
        message = {"type": "message", "subtype": "file_share", "channel": channel, "user": user, "ts": ts, **thread}
        self.event({**message, "text": "", "files": [{"id": shared["id"], "name": name}], "event_ts": ts})
        told = {"type": "file_shared", "file_id": shared["id"], "user_id": user, "file": {"id": shared["id"]}}
        return shared, self.event({**told, "channel_id": channel, "event_ts": ts})

    def file_deleted(self, file_id: str) -> Answer:
        """A person deletes a file."""
        self.slack.do("delete_file", file_id=file_id)
        return self.event({"type": "file_deleted", "file_id": file_id, "event_ts": f"{time.time():.6f}"})

    def user_changed(self, user: str, **changes: Any) -> Answer:
        """A member changes their profile, or an administrator closes (`deleted=True`) or opens their account."""
        told, stamp = self.slack.do("change_user", user_id=user, **changes), f"{time.time():.6f}"
        return self.event({"type": "user_change", "user": told, "cache_ts": int(time.time()), "event_ts": stamp})

    def group_changed(self, group: str, users: Sequence[str]) -> Answer:
        """An administrator puts these members into a user group."""
        told = self.slack.do("set_group", group=group, users=list(users))
        counts = {f"{name}_count": len(found) for name, found in told.items()}
        now = int(time.time())
        event = {"type": "subteam_members_changed", "subteam_id": group, "team_id": TEAM, **told, **counts}
        return self.event(
            {**event, "date_previous_update": now - 60, "date_update": now, "event_ts": f"{time.time():.6f}"}
        )

    def home(self, user: str, tab: str = "home") -> Answer:
        """A person opens the app: its home tab, or the one with messages."""
        shown = self.slack.part("homes", user=user).get(user)
        event = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": tab}
        known = {"view": shown} if shown and tab == "home" else {}
        return self.event({**event, **known, "event_ts": f"{time.time():.6f}"})

    def edited(self, channel: str, ts: str, user: str, text: str) -> Answer:
        """A person edits a message."""
        changed = self.slack.do("edit_message", channel=channel, ts=ts, text=text)
        event = {"type": "message", "subtype": "message_changed", "channel": channel, "message": changed}
        return self.event({**event, "user": user, "ts": f"{time.time():.6f}"})

    def deleted(self, channel: str, ts: str) -> Answer:
        """A person deletes a message."""
        gone = self.slack.do("delete_message", channel=channel, ts=ts)
        event = {"type": "message", "subtype": "message_deleted", "channel": channel, "deleted_ts": ts}
        return self.event({**event, "previous_message": gone, "ts": f"{time.time():.6f}"})

    # shortcuts ------------------------------------------------------------------------------------------------

    def shortcut(self, callback_id: str, *, user: str) -> Answer:
        """A global shortcut."""
        issued = self.slack.do("issue", user=user)
        payload = {"type": "shortcut", "callback_id": callback_id, "trigger_id": issued["trigger_id"]}
        return self.interaction(self._common(user) | payload | {"action_ts": f"{time.time():.6f}"})

    def message_action(self, callback_id: str, *, user: str, channel: str, ts: str) -> Answer:
        """A message shortcut."""
        shown = self._message(channel, ts)
        payload = {
            "type": "message_action",
            "callback_id": callback_id,
            "action_ts": f"{time.time():.6f}",
            "message_ts": ts,
            "message": {key: shown[key] for key in ("user", "text", "ts")}
            | {"type": "message"}
            | ({"thread_ts": shown["thread_ts"]} if shown["thread_ts"] else {})
            | ({"files": [{"id": one} for one in shown["files"]]} if shown["files"] else {}),
            "channel": {"id": channel, "name": self._channel_name(channel)},
            **self.slack.do("issue", user=user, channel=channel, message_ts=ts),
        }
        return self.interaction(self._common(user) | payload)

    # views and buttons ----------------------------------------------------------------------------------------

    def view(self, user: str) -> dict[str, Any]:
        """The modal the user sees (NotThere: none is open)."""
        mine = list(self.slack.part("views", user=user, closed=False).values())
        if not mine:
            raise NotThere(f"{user} has no view open")
        found: dict[str, Any] = mine[-1]
        return found

    def submit(self, values: Mapping[str, Any] | None = None, *, user: str, force: bool = False) -> Answer:
        """Fill the open view and submit it. Keys: block or action ids. `force` skips the client's own checks.

        Acts on the answer as Slack's client does: errors keep the view, `update`/`push` change it, nothing closes it.
        """
        view = self.view(user)
        filled = state(view, values or {})
        if not force and (empty := unanswered(view, filled)):
            raise NotThere(f"Slack's client asks for {empty} first")
        issued = self.slack.do("issue", user=user)
        payload = {
            "type": "view_submission",
            "trigger_id": issued["trigger_id"],
            "view": {**_sent(view), "state": {"values": filled}},
            "response_urls": [],
        }
        answer = self.interaction(self._common(user) | payload)
        self._follow(view, answer, user)
        return answer

    def _follow(self, view: Mapping[str, Any], answer: Answer, user: str) -> None:
        if answer.status != 200:
            return
        said = answer.json() or {}
        action = said.get("response_action")
        if action == "errors":
            unknown = set(said["errors"]) - {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
            if unknown or not said["errors"]:
                raise AssertionError(f"Slack shows errors under input blocks only, not under {sorted(unknown)}")
        elif action in ("update", "push"):
            self.slack.do("show_view", user=user, view=said["view"], how=action, view_id=view["id"])
        else:
            self.slack.do("close_view", view_id=view["id"], whole=action == "clear")

    def close(self, *, user: str) -> Answer | None:
        """Close the open view; our service hears of it only when it asked to (`notify_on_close`)."""
        view = self.view(user)
        self.slack.do("close_view", view_id=view["id"])
        if not view.get("notify_on_close"):
            return None
        return self.interaction(self._common(user) | {"type": "view_closed", "view": _sent(view), "is_cleared": False})

    def click(
        self,
        action_id: str,
        *,
        user: str,
        channel: str = "",
        ts: str = "",
        blocks: Sequence[Mapping[str, Any]] | None = None,
        value: Any = None,
        values: Mapping[str, Any] | None = None,
        home: bool = False,
    ) -> Answer:
        """Click or choose an element.

        Where: in the open view (default; `values` are its other fields), on the home tab, in a message
        (`channel`, and `ts` unless it is the newest with that element), or in the `blocks` of an ephemeral answer.
        `value`: the option, text or date chosen, for anything but a button.
        """
        if blocks is not None:
            found, place = [dict(block) for block in blocks], _ephemeral(channel)
        elif channel:
            found, place = self._in_message(action_id, channel, ts)
        else:
            shown = self._home(user) if home else self.view(user)
            held = {} if home else {"state": {"values": state(shown, values or {})}}
            found = shown["blocks"]
            place = {"container": {"type": "view", "view_id": shown["id"]}, "view": {**_sent(shown), **held}}
        payload = {
            "type": "block_actions",
            "actions": [_action(found, action_id, value)],
            **self.slack.do("issue", user=user, channel=channel, message_ts=ts or None),
            **place,
        }
        return self.interaction(self._common(user) | payload)

    def suggest(self, action_id: str, value: str, *, user: str) -> Answer:
        """Type into an external select of the open view."""
        view = self.view(user)
        block, _ = _element(view["blocks"], action_id)
        payload = {"type": "block_suggestion", "action_id": action_id, "block_id": block["block_id"], "value": value}
        return self.interaction(self._common(user) | payload | {"view": _sent(view)})

    def _home(self, user: str) -> dict[str, Any]:
        homes = self.slack.part("homes", user=user)
        if user not in homes:
            raise NotThere(f"{user} has no home tab")
        found: dict[str, Any] = homes[user]
        return found

    def _message(self, channel: str, ts: str) -> dict[str, Any]:
        for message in self.slack.part("channels", id=channel)[channel]["messages"]:
            if message["ts"] == ts:
                found: dict[str, Any] = message
                return found
        raise NotThere(f"no message {ts} in {channel}")

    def _in_message(self, action_id: str, channel: str, ts: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        known = self.slack.part("channels", id=channel)[channel]
        shown = [one for one in [*known["messages"], *known["ephemerals"]] if not one.get("deleted")]
        for message in sorted(shown, key=lambda one: float(one["ts"]), reverse=True):
            ids = {element["action_id"] for _, element in elements(message["blocks"])}
            if action_id in ids and ts in ("", message["ts"]):
                ephemeral = "by_bot" not in message
                container = {"type": "message", "message_ts": message["ts"], "channel_id": channel}
                place: dict[str, Any] = {
                    "container": container | {"is_ephemeral": ephemeral},
                    "channel": {"id": channel, "name": known["name"] or "directmessage"},
                }
                if not ephemeral:
                    place["message"] = {key: message[key] for key in ("user", "text", "ts", "blocks")}
                return message["blocks"], place
        raise NotThere(f"no message with {action_id} in {channel}")

    def _common(self, user: str) -> dict[str, Any]:
        return {
            "team": {"id": TEAM, "domain": "wachbuch"},
            "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
            "api_app_id": APP,
            "token": "unused",
            "enterprise": None,
            "is_enterprise_install": False,
        }


def _sent(view: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in view.items() if key not in ("user", "closed")}


def _ephemeral(channel: str) -> dict[str, Any]:
    container = {"type": "message", "message_ts": f"{time.time():.6f}", "channel_id": channel, "is_ephemeral": True}
    return {"container": container, "channel": {"id": channel, "name": "unknown"}}


def _element(blocks: Sequence[dict[str, Any]], action_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for block, element in elements(blocks):
        if element["action_id"] == action_id:
            return block, element
    raise NotThere(f"no {action_id}; there are {sorted(element['action_id'] for _, element in elements(blocks))}")


def _action(blocks: Sequence[dict[str, Any]], action_id: str, value: Any) -> dict[str, Any]:
    block, element = _element(blocks, action_id)
    action = {
        "action_id": action_id,
        "block_id": block.get("block_id", "gen"),
        "type": element["type"],
        "action_ts": f"{time.time():.6f}",
    }
    if element["type"] == "button":
        return action | {"text": element["text"]} | ({"value": element["value"]} if "value" in element else {})
    if element["type"] == "overflow":
        return action | {"selected_option": option(element, value)}
    return action | chosen(element, value)
