"""Web API: conversations.*."""

import re
import time
from typing import Any, Final

from tests.fakes.slack.chat import Arguments
from tests.fakes.slack.world import BOT_USER, Channel, Message, SlackError, Workspace

_NAME_LIMIT: Final = 80
_TOPIC_LIMIT: Final = 250


def _flag(value: Any) -> bool:
    return value in (True, "true", "1", 1)


def _seen(world: Workspace, arguments: Arguments) -> Channel:
    channel = world.channel(arguments.get("channel") or "")
    if channel.is_private and BOT_USER not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def _joined(world: Workspace, arguments: Arguments) -> Channel:
    channel = _seen(world, arguments)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _checked_name(world: Workspace, name: str) -> str:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > _NAME_LIMIT:
        raise SlackError("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise SlackError("invalid_name_punctuation")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in world.channels.values()):
        raise SlackError("name_taken")
    return name


def create(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.create: an archived channel keeps its name taken."""
    name = _checked_name(world, arguments.get("name") or "")
    private = _flag(arguments.get("is_private"))
    channel = Channel(
        world.new_id("C"), name, BOT_USER, is_private=private, members=[BOT_USER], created=int(time.time())
    )
    world.channels[channel.id] = channel
    return {"channel": channel.shape()}


def rename(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.rename."""
    channel = _joined(world, arguments)
    channel.name = _checked_name(world, arguments.get("name") or "")
    return {"channel": channel.shape()}


def set_topic(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.setTopic: at most 250 characters."""
    channel = _joined(world, arguments)
    if channel.is_archived:
        raise SlackError("is_archived")
    topic = arguments.get("topic") or ""
    if len(topic) > _TOPIC_LIMIT:
        raise SlackError("too_long")
    channel.topic = topic
    return {"channel": channel.shape()}


def set_purpose(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.setPurpose: at most 250 characters."""
    channel = _joined(world, arguments)
    purpose = arguments.get("purpose") or ""
    if len(purpose) > _TOPIC_LIMIT:
        raise SlackError("too_long")
    channel.purpose = purpose
    return {"purpose": purpose}


def invite(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.invite: one bad user refuses all, unless `force`."""
    channel = _joined(world, arguments)
    if channel.is_archived:
        raise SlackError("is_archived")
    users = [one for one in str(arguments.get("users") or "").split(",") if one]
    if not users:
        raise SlackError("no_user")
    for user in users:
        if user not in world.users or world.users[user].deleted:
            raise SlackError("user_not_found")
        if user == BOT_USER:
            raise SlackError("cant_invite_self")
        if user in channel.members:
            raise SlackError("already_in_channel")
    channel.members.extend(users)
    return {"channel": channel.shape()}


def kick(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.kick."""
    channel = _joined(world, arguments)
    if arguments.get("user") not in channel.members:
        raise SlackError("not_in_channel")
    channel.members.remove(arguments["user"])
    return {}


def join(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.join: public channels only."""
    channel = _seen(world, arguments)
    if channel.is_private or channel.im:
        raise SlackError("method_not_supported_for_channel_type")
    if BOT_USER not in channel.members:
        channel.members.append(BOT_USER)
    return {"channel": channel.shape()}


def archive(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.archive."""
    channel = _joined(world, arguments)
    if channel.is_archived:
        raise SlackError("already_archived")
    channel.is_archived = True
    return {}


def info(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.info."""
    return {"channel": _seen(world, arguments).shape()}


def _paged(items: list[Any], arguments: Arguments, default: int) -> tuple[list[Any], dict[str, Any]]:
    start = int(arguments.get("cursor") or 0)
    end = start + min(int(arguments.get("limit") or default), 1000)
    return items[start:end], {"next_cursor": str(end) if end < len(items) else ""}


def history(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.history: newest first, without replies."""
    channel = _joined(world, arguments)
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or "inf")
    inclusive = _flag(arguments.get("inclusive"))
    chosen = [
        message
        for message in reversed(channel.messages)
        if not message.deleted
        and message.thread_ts in (None, message.ts)
        and _between(message.ts, oldest, latest, inclusive)
    ]
    some, cursor = _paged(chosen, arguments, 100)
    metadata = _flag(arguments.get("include_all_metadata"))
    shapes = [
        one.shape(metadata=metadata) | _answered(channel, one) | _files(world, one, str(arguments.get("base")))
        for one in some
    ]
    return {"messages": shapes, "has_more": bool(cursor["next_cursor"]), "response_metadata": cursor}


def _files(world: Workspace, message: Message, base: str) -> dict[str, Any]:
    """The files that a message carries."""
    return {"files": [world.files[one].shape(base) for one in message.files]} if message.files else {}


def _answered(channel: Channel, parent: Message) -> dict[str, Any]:
    """What the first message of a thread carries besides."""
    count = sum(1 for one in channel.messages if one.thread_ts == parent.ts != one.ts and not one.deleted)
    return {"thread_ts": parent.ts, "reply_count": count} if count else {}


def _between(ts: str, oldest: float, latest: float, inclusive: bool) -> bool:
    return oldest <= float(ts) <= latest if inclusive else oldest < float(ts) < latest


def replies(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.replies: the parent first."""
    channel = _joined(world, arguments)
    try:
        parent = channel.message(arguments.get("ts") or "")
    except SlackError as error:
        raise SlackError("thread_not_found") from error
    oldest = float(arguments.get("oldest") or 0)
    whole = [one for one in channel.messages if parent.ts in (one.ts, one.thread_ts) and not one.deleted]
    thread = [one for one in whole if one is parent or float(one.ts) > oldest]
    some, cursor = _paged(thread, arguments, 1000)
    shapes = [one.shape(metadata=_flag(arguments.get("include_all_metadata"))) for one in some]
    return {"messages": shapes, "has_more": bool(cursor["next_cursor"]), "response_metadata": cursor}


def list_all(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.list: what the bot can see."""
    types = str(arguments.get("types") or "public_channel").split(",")
    chosen = [
        channel
        for channel in world.channels.values()
        if not channel.im
        and (
            "private_channel" in types and BOT_USER in channel.members
            if channel.is_private
            else "public_channel" in types
        )
        and not (channel.is_archived and _flag(arguments.get("exclude_archived")))
    ]
    some, cursor = _paged(chosen, arguments, 100)
    return {"channels": [one.shape() for one in some], "response_metadata": cursor}


def members(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.members."""
    some, cursor = _paged(_seen(world, arguments).members, arguments, 100)
    return {"members": some, "response_metadata": cursor}


def open_direct(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.open with one user."""
    user = world.user(str(arguments.get("users") or ""))
    if user.deleted:
        raise SlackError("user_disabled")
    return {"channel": {"id": world.direct(user.id).id}}


METHODS: Final = {
    "conversations.create": create,
    "conversations.rename": rename,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "conversations.invite": invite,
    "conversations.kick": kick,
    "conversations.join": join,
    "conversations.archive": archive,
    "conversations.info": info,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.list": list_all,
    "conversations.members": members,
    "conversations.open": open_direct,
}
"""Method name to the function that does it."""
