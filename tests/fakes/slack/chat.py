"""Web API: chat.*, pins.*, bookmarks.*, reactions.*."""

import json
import time
from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.slack import blocks as rules
from tests.fakes.slack.world import BOT_USER, Channel, Message, SlackError, Workspace

Arguments = Mapping[str, Any]
_METADATA_BYTES: Final = 8_000


def _checked(world: Workspace, arguments: Arguments) -> tuple[str, list[dict[str, Any]], dict[str, Any] | None]:
    text = arguments.get("text") or ""
    content = arguments.get("blocks") or []
    attachments = arguments.get("attachments") or []
    if not text and not content and not attachments:
        raise SlackError("no_text")
    world.sent.append({"text": text, "blocks": content})
    if rules.length(text) > rules.TEXT_LIMIT:
        raise SlackError("msg_too_long")
    if found := rules.findings(content):
        raise SlackError("invalid_blocks", *found)
    metadata = arguments.get("metadata")
    if metadata is not None:
        if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
            raise SlackError("invalid_metadata_format")
        if not metadata.get("event_type"):
            raise SlackError("invalid_metadata_format")
        if len(json.dumps(metadata)) > _METADATA_BYTES:
            raise SlackError("metadata_too_large")
    return text, rules.named(content), metadata


def _writable(world: Workspace, arguments: Arguments) -> Channel:
    channel = world.channel(arguments.get("channel") or "")
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER not in channel.members:
        raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")
    return channel


def _by_name(world: Workspace, channel: str) -> str:
    """Slack takes `#name` for posting, and nowhere else."""
    named = (key for key, one in world.channels.items() if f"#{one.name}" == channel)
    return next(named, channel)


def post_message(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.postMessage."""
    channel = _writable(world, {**arguments, "channel": _by_name(world, arguments.get("channel") or "")})
    text, content, metadata = _checked(world, arguments)
    thread = arguments.get("thread_ts")
    if thread:
        channel.message(thread)
    message = Message(world.ts(), BOT_USER, text, content, metadata, thread, by_bot=True)
    channel.messages.append(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.shape()}


def update(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.update: own messages only."""
    channel = _writable(world, arguments)
    message = channel.message(arguments.get("ts") or "")
    if message.user != BOT_USER:
        raise SlackError("cant_update_message")
    text, content, metadata = _checked(world, arguments)
    message.text, message.blocks, message.edited = text, content, True
    if metadata is not None:
        message.metadata = metadata
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": message.shape()}


def delete(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.delete: own messages only."""
    channel = _writable(world, arguments)
    message = channel.message(arguments.get("ts") or "")
    if message.user != BOT_USER:
        raise SlackError("cant_delete_message")
    message.deleted = True
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.postEphemeral: kept beside the channel, since no reading method gives it back."""
    channel = _writable(world, arguments)
    user = world.user(arguments.get("user") or "")
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    text, content, _ = _checked(world, arguments)
    ts = world.ts()
    channel.ephemerals.append({"ts": ts, "user": user.id, "text": text, "blocks": content})
    return {"message_ts": ts}


def permalink(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.getPermalink."""
    channel = world.channel(arguments.get("channel") or "")
    message = channel.message(arguments.get("message_ts") or "")
    link = f"https://wachbuch.slack.example/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def add_pin(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """pins.add."""
    channel = _writable(world, arguments)
    message = channel.message(arguments.get("timestamp") or "")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(message.ts)
    return {}


def remove_pin(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """pins.remove."""
    channel = _writable(world, arguments)
    if arguments.get("timestamp") not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(arguments["timestamp"])
    return {}


def add_bookmark(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """bookmarks.add: links only."""
    channel = _writable(world, {"channel": arguments.get("channel_id")})
    if not arguments.get("title") or arguments.get("type") != "link":
        raise SlackError("invalid_arguments", "[ERROR] missing title, or type is not link")
    if not str(arguments.get("link") or "").startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    bookmark = {
        "id": world.new_id("Bk"),
        "channel_id": channel.id,
        "title": arguments["title"],
        "link": arguments["link"],
        "emoji": arguments.get("emoji"),
        "type": "link",
        "date_created": int(time.time()),
    }
    channel.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


def list_bookmarks(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """bookmarks.list."""
    return {"bookmarks": world.channel(arguments.get("channel_id") or "").bookmarks}


def add_reaction(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """reactions.add, by the bot."""
    channel = _writable(world, arguments)
    message = channel.message(arguments.get("timestamp") or "")
    name = str(arguments.get("name") or "")
    if not name or ":" in name:
        raise SlackError("invalid_name")
    users = message.reactions.setdefault(name, [])
    if BOT_USER in users:
        raise SlackError("already_reacted")
    users.append(BOT_USER)
    return {}


METHODS: Final = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": permalink,
    "pins.add": add_pin,
    "pins.remove": remove_pin,
    "bookmarks.add": add_bookmark,
    "bookmarks.list": list_bookmarks,
    "reactions.add": add_reaction,
}
"""Method name to the function that does it."""
