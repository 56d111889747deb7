"""What the fake Slack remembers: one workspace with people, channels, messages, views and files."""

import itertools
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

TEAM: Final = "T0WACHBUCH"
APP: Final = "A0WACHBUCH"
BOT_USER: Final = "U0BOT"
BOT: Final = "B0BOT"
TRIGGER_SECONDS: Final = 3.0
RESPONSE_SECONDS: Final = 1800.0
RESPONSE_USES: Final = 5


class SlackError(Exception):
    """`ok: false` with this error code."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages


@dataclass(slots=True)
class User:
    """A member of the workspace."""

    id: str
    name: str
    real_name: str
    locale: str = "de-DE"
    tz: str = "Europe/Berlin"
    email: str = ""
    is_bot: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Message:
    """A message in a channel, or an ephemeral one."""

    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    thread_ts: str | None = None
    by_bot: bool = False
    edited: bool = False
    deleted: bool = False
    edited_ts: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    def shape(self, *, metadata: bool = True) -> dict[str, Any]:
        """As the Web API gives it."""
        shape: dict[str, Any] = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text, "team": TEAM}
        if self.blocks:
            shape["blocks"] = self.blocks
        if self.by_bot:
            shape |= {"bot_id": BOT, "app_id": APP}
        if self.thread_ts:
            shape["thread_ts"] = self.thread_ts
        if self.metadata and metadata:
            shape["metadata"] = self.metadata
        if self.edited:
            shape["edited"] = {"user": self.user, "ts": self.edited_ts or self.ts}
        if self.reactions:
            shape["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in self.reactions.items()]
        return shape


@dataclass(slots=True)
class Channel:
    """A conversation. A direct message is one with `im`."""

    id: str
    name: str
    creator: str
    is_private: bool = False
    is_archived: bool = False
    im: bool = False
    topic: str = ""
    purpose: str = ""
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[dict[str, Any]] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[dict[str, Any]] = field(default_factory=list)
    created: int = 0

    def message(self, ts: str) -> Message:
        """The message of that time stamp."""
        for message in self.messages:
            if message.ts == ts and not message.deleted:
                return message
        raise SlackError("message_not_found")

    def shape(self) -> dict[str, Any]:
        """As the Web API gives it."""
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.im and not self.is_private,
            "is_group": self.is_private,
            "is_im": self.im,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_member": BOT_USER in self.members,
            "created": self.created,
            "creator": self.creator,
            "topic": {"value": self.topic, "creator": self.creator, "last_set": self.created},
            "purpose": {"value": self.purpose, "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(slots=True)
class UserGroup:
    """A user group; `disabled` ones still exist."""

    id: str
    handle: str
    users: list[str] = field(default_factory=list)
    disabled: bool = False


@dataclass(slots=True)
class View:
    """A modal or a home tab as it stands."""

    id: str
    user: str
    view: dict[str, Any]
    hash: str
    root: str
    previous: str | None = None
    closed: bool = False

    def shape(self) -> dict[str, Any]:
        """As the Web API gives it."""
        return {
            "title": None,
            "submit": None,
            "close": None,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            **self.view,
            "id": self.id,
            "team_id": TEAM,
            "hash": self.hash,
            "state": {"values": {}},
            "root_view_id": self.root,
            "previous_view_id": self.previous,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }


@dataclass(slots=True)
class Trigger:
    """A trigger id: good for one exchange within three seconds."""

    user: str
    issued: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where a command or a click is answered later: five times within half an hour."""

    user: str
    channel: str
    issued: float
    message_ts: str | None = None
    replies: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class StoredFile:
    """A shared file. `url_private` asks for the bot's token."""

    id: str
    name: str
    content: bytes
    user: str
    mimetype: str = "text/plain"
    title: str = ""
    channels: list[str] = field(default_factory=list)
    mode: str = "hosted"
    private: bool = False
    told_size: int | None = None
    """What Slack says it is, where that is not so."""

    def shape(self, base: str) -> dict[str, Any]:
        """As the Web API gives it."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "size": len(self.content) if self.told_size is None else self.told_size,
            "mode": self.mode,
            "is_external": self.mode == "external",
            "permalink": f"https://wachbuch.slack.example/files/{self.user}/{self.id}/{self.name}",
            "user": self.user,
            "channels": [] if self.private else self.channels,
            "groups": self.channels if self.private else [],
            "url_private": f"{base}/files-pri/{TEAM}-{self.id}/{self.name}",
            "url_private_download": f"{base}/files-pri/{TEAM}-{self.id}/download/{self.name}",
        }


@dataclass(slots=True)
class Upload:
    """A file on its way to Slack: an address was given out for it, and its bytes came or not."""

    id: str
    name: str
    length: int
    content: bytes | None = None


class Workspace:
    """The state of one workspace."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {BOT_USER: User(BOT_USER, "wachbuch", "Wachbuch", is_bot=True)}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.groups: dict[str, UserGroup] = {}
        self.no_groups = ""
        """The code for which there are no user groups: what the plan, or an administrator, refuses."""
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.responses: dict[str, ResponseUrl] = {}
        self.files: dict[str, StoredFile] = {}
        self.uploads: dict[str, Upload] = {}
        """By the key in the address; one that is complete is here no more."""
        self.trigger_seconds = TRIGGER_SECONDS
        self.last_post: dict[str, list[float]] = {}
        self.sent: deque[Any] = deque(maxlen=10_000)
        """Every message, answer and view, in the order in which they came; also those that were refused."""
        self.has_home = True
        """Whether the app's settings switch the home tab on."""
        self._numbers = itertools.count(1)
        self._last_ts = 0

    def ts(self) -> str:
        """A new time stamp, later than all before."""
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        """A new id in Slack's style."""
        return f"{letter}0{next(self._numbers):09d}"

    def new_hash(self) -> str:
        """A new view hash."""
        return f"{time.time():.0f}.{secrets.token_hex(4)}"

    def channel(self, key: str) -> Channel:
        """A channel by id, or the direct message with a user."""
        if key in self.users and key != BOT_USER:
            return self.direct(key)
        if key not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[key]

    def direct(self, user: str) -> Channel:
        """The direct message channel with a user, made on first use."""
        key = f"D{user[1:]}"
        if key not in self.channels:
            self.channels[key] = Channel(key, "", user, im=True, members=[user, BOT_USER])
        return self.channels[key]

    def user(self, key: str) -> User:
        """A user by id."""
        if key not in self.users:
            raise SlackError("user_not_found")
        return self.users[key]

    def exchange(self, trigger_id: str) -> Trigger:
        """Use up a trigger id."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > self.trigger_seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def shape(self) -> dict[str, Any]:
        """Everything, for `/control/state`."""
        return {name: self.part(name) for name in _SHAPES}

    def part(self, name: str, **having: Any) -> dict[str, Any]:
        """One part of it: what has these attributes."""
        kept, shape = getattr(self, name), _SHAPES[name]
        return {
            key: shape(one) for key, one in kept.items() if all(getattr(one, at) == is_ for at, is_ in having.items())
        }


_SHAPES: Final[dict[str, Callable[[Any], dict[str, Any]]]] = {
    "users": asdict,
    "channels": asdict,
    "views": lambda view: view.shape() | {"user": view.user, "closed": view.closed},
    "homes": lambda view: view.shape(),
    "responses": asdict,
    "files": lambda one: {"name": one.name, "size": len(one.content)},
}
