"""The fake Slack: Web API below `/api/`, response URLs, files, and what Slack does on people's behalf."""

import json
import re
import secrets
import socket
import time
from io import BufferedIOBase
from typing import Any, ClassVar, Final

from tests.fakes.slack import blocks as rules
from tests.fakes.slack import chat, conversations, surfaces, uploads, usergroups
from tests.fakes.slack.frames import Frames, accept_of
from tests.fakes.slack.sockets import APP_TOKEN, Sockets
from tests.fakes.slack.world import (
    APP,
    BOT_USER,
    RESPONSE_SECONDS,
    RESPONSE_USES,
    Channel,
    Message,
    ResponseUrl,
    SlackError,
    StoredFile,
    Trigger,
    User,
    UserGroup,
    View,
    Workspace,
)
from tests.fakes.wire import FakeServer, Fault, Reply, Request

BOT_TOKEN: Final = "xoxb-of-the-fake"
SIGNING_SECRET: Final = "signing-secret-of-the-fake"
_METHODS: Final = {
    **chat.METHODS, **conversations.METHODS, **surfaces.METHODS, **uploads.METHODS, **usergroups.METHODS,
}  # fmt: skip
SCOPES: Final = frozenset(
    {
        "app_mentions:read", "bookmarks:read", "bookmarks:write",
        "channels:history", "channels:manage", "channels:read", "chat:write", "commands",
        "files:read", "files:write", "groups:history", "groups:read", "groups:write", "im:history", "im:write",
        "pins:write", "reactions:read", "usergroups:read", "users:read",
    }
)  # fmt: skip
_NEEDS: Final = {
    "files.info": {"files:read"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "bookmarks.add": {"bookmarks:write"},
    "usergroups.users.list": {"usergroups:read"},
    "bookmarks.list": {"bookmarks:read"},
}
"""Scopes that tests take away."""
_OPEN: Final = "/api/apps.connections.open"
_POSTS: Final = {"chat.postMessage", "chat.postEphemeral"}
_STRUCTURED: Final = {"blocks", "view", "metadata", "attachments"}


class FakeSlack(FakeServer):
    """One workspace with the people and channels a test gives it."""

    world: Workspace

    actions: ClassVar[frozenset[str]] = frozenset(
        {
            "add_user",
            "add_channel",
            "change_user",
            "set_group",
            "say",
            "react",
            "share_file",
            "delete_file",
            "issue",
            "show_view",
            "acknowledge",
            "close_view",
            "limit_posts",
            "edit_message",
            "delete_message",
            "deliver",
            "socket_warn",
            "socket_cut",
            "socket_hang",
        }
    )

    def __init__(self, *, latency_ms: int = 0, token: str = BOT_TOKEN) -> None:
        super().__init__(latency_ms=latency_ms)
        self.token = token
        self.world = Workspace()
        self.sockets = Sockets()
        self.scopes = set(SCOPES)
        """What the bot's token may, as every answer says."""
        self.redirect = ""
        """Where the address of a file leads to instead."""
        self.pages = False
        """Give the sign-in page for every file, as Slack does when a token lost its rights."""
        self.issued = ""
        """An address to hand out for a connection instead of a good one."""
        self.posts_per_second: float | None = None
        self.burst = 1

    # people ---------------------------------------------------------------------------------------------------

    def add_user(self, user_id: str, name: str, **details: Any) -> dict[str, Any]:
        """A new member; `details` as in `User` (locale, email, …)."""
        with self.lock:
            user = User(user_id, name, details.pop("real_name", name.title()), **details)
            self.world.users[user_id] = user
            return {"id": user.id}

    def change_user(self, user_id: str, **changes: Any) -> dict[str, Any]:
        """A member changes (`deleted`, `locale`, `real_name`); returns them as events carry them."""
        with self.lock:
            user = self.world.user(user_id)
            for name, value in changes.items():
                setattr(user, name, value)
            return surfaces.member(user, locale=True)

    def set_group(self, group: str, users: list[str], *, disabled: bool = False) -> dict[str, Any]:
        """A user group with these members; returns who came and who went, as the event carries it."""
        with self.lock:
            known = self.world.groups.get(group)
            before = known.users if known else []
            self.world.groups[group] = UserGroup(group, group.lower(), list(users), disabled)
            added, removed = [one for one in users if one not in before], [one for one in before if one not in users]
            return {"added_users": added, "removed_users": removed}

    def add_channel(
        self, channel_id: str, name: str, *, members: list[str] | None = None, **details: Any
    ) -> dict[str, Any]:
        """A channel that people made; the bot is in it unless `bot=False`."""
        with self.lock:
            joined = list(members or self.world.users)
            bot = details.pop("bot", True)
            joined = [one for one in joined if one != BOT_USER] + ([BOT_USER] if bot else [])
            self.world.channels[channel_id] = Channel(channel_id, name, "U0ADMIN", members=joined, **details)
            return {"id": channel_id}

    def say(self, channel: str, user: str, text: str, thread_ts: str | None = None) -> dict[str, Any]:
        """A person writes; returns the message as events carry it."""
        with self.lock:
            message = Message(self.world.ts(), user, _escaped(text), thread_ts=thread_ts)
            self.world.channel(channel).messages.append(message)
            return message.shape() | {"channel": channel}

    def edit_message(self, channel: str, ts: str, text: str) -> dict[str, Any]:
        """A person edits a message."""
        with self.lock:
            message = self.world.channel(channel).message(ts)
            message.text, message.edited, message.edited_ts = _escaped(text), True, self.world.ts()
            return message.shape()

    def delete_message(self, channel: str, ts: str) -> dict[str, Any]:
        """A person deletes a message."""
        with self.lock:
            message = self.world.channel(channel).message(ts)
            message.deleted = True
            return message.shape()

    def react(self, channel: str, ts: str, user: str, name: str) -> dict[str, Any]:
        """A person reacts to a message."""
        with self.lock:
            self.world.channel(channel).message(ts).reactions.setdefault(name, []).append(user)
            return {}

    def share_file(
        self, channel: str, user: str, name: str, content: str, mimetype: str = "text/plain",
        thread_ts: str | None = None, mode: str = "hosted", told_size: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """A person shares a file in a message. `told_size`: what Slack says, where that is not so."""
        with self.lock:
            stored = StoredFile(
                self.world.new_id("F"), name, content.encode(), user, mimetype, channels=[channel],
                mode=mode, told_size=told_size, private=self.world.channel(channel).is_private,
            )  # fmt: skip
            self.world.files[stored.id] = stored
            message = Message(self.world.ts(), user, "", files=[stored.id], thread_ts=thread_ts)
            self.world.channel(channel).messages.append(message)
            return stored.shape(self.url) | {"message_ts": message.ts}

    def delete_file(self, file_id: str) -> dict[str, Any]:
        """A person deletes a file."""
        with self.lock:
            self.world.files[file_id].mode = "tombstone"
            return {}

    def issue(self, user: str, channel: str = "", message_ts: str | None = None) -> dict[str, str]:
        """A fresh trigger id and response URL, as every interaction carries them."""
        with self.lock:
            trigger = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**11)}.{secrets.token_hex(16)}"
            self.world.triggers[trigger] = Trigger(user, time.monotonic())
            key = secrets.token_urlsafe(12)
            self.world.responses[key] = ResponseUrl(user, channel, time.monotonic(), message_ts)
            return {"trigger_id": trigger, "response_url": f"{self.url}/response/{key}"}

    def show_view(self, user: str, view: dict[str, Any], how: str, view_id: str) -> dict[str, Any]:
        """What Slack does with `response_action: update` or `push` after a submission."""
        with self.lock:
            self.world.sent.append(view)
            if found := rules.view_findings(view):
                raise AssertionError(found)
            content = {**view, "blocks": rules.named(view["blocks"])}
            current = self.world.views[view_id]
            if how == "push":
                return surfaces.put_view(self.world, user, content, current).shape()
            current.view, current.hash = content, self.world.new_hash()
            return current.shape()

    def acknowledge(self, body: dict[str, Any]) -> list[str]:
        """What Slack would complain about in the answer that stands in the acknowledgement of a command."""
        with self.lock:
            self.world.sent.append(body)
            return rules.answer_findings(body)

    def close_view(self, view_id: str, *, whole: bool = False) -> dict[str, Any]:
        """A view goes away: the top one, or the whole stack."""
        with self.lock:
            current = self.world.views[view_id]
            for one in self.world.views.values():
                if one.id == view_id or (whole and one.root == current.root):
                    one.closed = True
            return {}

    def limit_posts(self, per_second: float | None = 1.0, burst: int = 1) -> dict[str, Any]:
        """Switch the limit of messages per channel on (Slack: about one per second) or off with None."""
        self.posts_per_second, self.burst = per_second, burst
        return {}

    # Socket Mode ----------------------------------------------------------------------------------------------

    def deliver(self, kind: str, payload: Any, retry: int = 0) -> dict[str, Any]:
        """Send an envelope over Socket Mode and wait for its acknowledgement; see `Sockets.deliver`."""
        return self.sockets.deliver(kind, payload, retry=retry)

    def socket_warn(self, reason: str = "warning", linger: float = 10.0) -> dict[str, int]:
        """Ask the connections to be replaced."""
        return {"asked": self.sockets.warn(reason, linger)}

    def socket_cut(self) -> dict[str, int]:
        """End the connections without a word."""
        return {"cut": self.sockets.cut()}

    def socket_hang(self) -> dict[str, int]:
        """Let the connections fall silent."""
        return {"hung": self.sockets.hang()}

    def stop(self) -> None:
        """Stop listening, and end all connections."""
        self.sockets.close()
        super().stop()

    def upgrade(self, request: Request, connection: socket.socket, stream: BufferedIOBase) -> None:
        """A connection of Socket Mode: only with a ticket that was issued for it."""
        key = request.headers.get("sec-websocket-key", "")
        known = request.path == "/link/" and self.sockets.redeem(request.query.get("ticket", ""))
        if not known or not key or request.headers.get("sec-websocket-version") != "13":
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            return
        head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        head.append(f"Sec-WebSocket-Accept: {accept_of(key)}")
        connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        self.sockets.serve(Frames(connection, stream))

    def _open_connection(self, request: Request) -> Reply:
        """apps.connections.open: the app's token and no other."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if given != APP_TOKEN:
            wrong_kind = given == self.token
            error = "not_authed" if not given else "not_allowed_token_type" if wrong_kind else "invalid_auth"
            return Reply(body={"ok": False, "error": error})
        address = f"{self.url.replace('http', 'ws', 1)}/link/?ticket={self.sockets.ticket()}&app_id={APP}"
        return Reply(body={"ok": True, "url": self.issued or address})

    # looking --------------------------------------------------------------------------------------------------

    def messages(self, channel: str) -> list[Message]:
        """The standing messages of a channel, oldest first."""
        with self.lock:
            return [one for one in self.world.channel(channel).messages if not one.deleted]

    def channel_named(self, name: str) -> Channel:
        """A channel by name (KeyError: there is none)."""
        with self.lock:
            for channel in self.world.channels.values():
                if channel.name == name:
                    return channel
        raise KeyError(name)

    def view_of(self, user: str) -> View | None:
        """The modal a user sees."""
        with self.lock:
            return surfaces.latest_view(self.world, user)

    def home_of(self, user: str) -> View | None:
        """The home tab of a user."""
        with self.lock:
            return self.world.homes.get(user)

    def state(self) -> dict[str, Any]:
        """The whole workspace."""
        return self.world.shape()

    def part(self, name: str, **having: Any) -> dict[str, Any]:
        """One part of the workspace."""
        return self.world.part(name, **having)

    # serving --------------------------------------------------------------------------------------------------

    def operation(self, request: Request) -> str:
        """The method name, `response_url`, `upload` or `file`."""
        if request.path.startswith("/upload/"):
            return "upload"
        if request.path.startswith("/api/"):
            return request.path.removeprefix("/api/")
        return "response_url" if request.path.startswith("/response/") else "file"

    def refusal(self, fault: Fault) -> Reply:
        """As Slack fails: 429 with Retry-After, 5xx without JSON, else `ok: false`."""
        if fault.status == 429:
            return _limited(fault.retry_after or 1)
        if fault.status >= 500 and fault.error == "internal_error":
            return Reply(fault.status, b"<html>upstream error</html>", {"content-type": "text/html"})
        return Reply(200 if fault.status == 500 else fault.status, {"ok": False, "error": fault.error})

    def handle(self, request: Request) -> Reply:
        """Dispatch."""
        if request.path.startswith("/response/"):
            return self._respond(request)
        if request.path.startswith("/files-pri/"):
            return self._file(request)
        if request.path.startswith("/upload/"):
            with self.lock:
                return uploads.receive(self.world, request)
        return self._open_connection(request) if request.path == _OPEN else self._method(request)

    def _method(self, request: Request) -> Reply:
        method = _METHODS.get(self.operation(request))
        if method is None:
            return Reply(body={"ok": False, "error": "unknown_method", "req_method": self.operation(request)})
        arguments = _arguments(request)
        try:
            with self.lock:
                self._authorise(request, arguments)
                if self._over_limit(self.operation(request), arguments):
                    return _limited(1)
                told = method(self.world, {**arguments, "base": self.url})
                return Reply(body={"ok": True, **told}, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})
        except SlackError as error:
            messages = {"response_metadata": {"messages": list(error.messages)}} if error.messages else {}
            told = {"x-oauth-scopes": ",".join(sorted(self.scopes))}
            return Reply(body={"ok": False, "error": error.code, **messages}, headers=told)

    def _authorise(self, request: Request, arguments: dict[str, Any]) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ") or arguments.get("token")
        if not given:
            raise SlackError("not_authed")
        if given != self.token:
            raise SlackError("invalid_auth")
        if not _NEEDS.get(self.operation(request), set()) <= self.scopes:
            raise SlackError("missing_scope")

    def _over_limit(self, operation: str, arguments: dict[str, Any]) -> bool:
        if self.posts_per_second is None or operation not in _POSTS:
            return False
        now = time.monotonic()
        recent = self.world.last_post.setdefault(str(arguments.get("channel")), [])
        recent[:] = [one for one in recent if now - one < self.burst / self.posts_per_second]
        if len(recent) >= self.burst:
            return True
        recent.append(now)
        return False

    def _respond(self, request: Request) -> Reply:
        with self.lock:
            known = self.world.responses.get(request.path.removeprefix("/response/"))
            if known is None or time.monotonic() - known.issued > RESPONSE_SECONDS:
                return Reply(404, {"ok": False, "error": "expired_url"})
            if len(known.replies) >= RESPONSE_USES:
                return Reply(404, {"ok": False, "error": "used_url"})
            body = request.json()
            self.world.sent.append(body)
            if found := rules.answer_findings(body):
                return Reply(400, {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": found}})
            if not (body.get("text") or body.get("blocks") or body.get("delete_original")):
                return Reply(400, {"ok": False, "error": "no_text"})
            known.replies.append(body | {"blocks": rules.named(body.get("blocks"))})
            if body.get("response_type") == "in_channel" and known.channel in self.world.channels:
                said = Message(
                    self.world.ts(), BOT_USER, body.get("text") or "", known.replies[-1]["blocks"], by_bot=True
                )
                self.world.channels[known.channel].messages.append(said)
        return Reply(200, b"ok", {"content-type": "text/plain"})

    def _file(self, request: Request) -> Reply:
        found = re.match(r"/files-pri/[^-]+-([^/]+)/", request.path)
        stored = self.world.files.get(found.group(1)) if found else None
        if stored is None or stored.mode == "tombstone":
            return Reply(404, b"not found", {"content-type": "text/plain"})
        if self.redirect:
            return Reply(302, b"", {"location": self.redirect})
        if self.pages or request.headers.get("authorization") != f"Bearer {self.token}":
            # Slack does not answer 401 here but gives its sign-in page with 200.
            return Reply(200, b"<!DOCTYPE html><html><title>Sign in</title></html>", {"content-type": "text/html"})
        return Reply(200, stored.content, {"content-type": stored.mimetype})


def _escaped(text: str) -> str:
    """A text as Slack keeps it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _limited(seconds: int) -> Reply:
    return Reply(429, {"ok": False, "error": "ratelimited"}, {"retry-after": str(seconds)})


def _arguments(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return {**request.query, **request.json()}
    arguments: dict[str, Any] = dict(request.form())
    for name in _STRUCTURED & arguments.keys():
        arguments[name] = json.loads(arguments[name]) if arguments[name] else None
    return arguments
