"""Web API: files.getUploadURLExternal, the address after it, files.completeUploadExternal; and files.delete."""

import json
import secrets
from typing import Any, Final

from tests.fakes.slack import blocks as rules
from tests.fakes.slack.chat import Arguments
from tests.fakes.slack.world import BOT_USER, Message, SlackError, StoredFile, Upload, Workspace
from tests.fakes.wire import Reply, Request

_PLAIN: Final = {"content-type": "text/plain"}


def get_address(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """files.getUploadURLExternal: an address for exactly so many bytes."""
    name, length = str(arguments.get("filename") or ""), str(arguments.get("length") or "")
    if not name or not length.isdigit() or int(length) < 1:
        raise SlackError("invalid_arguments", "[ERROR] missing filename, or length is no positive number")
    key = secrets.token_urlsafe(12)
    world.uploads[key] = Upload(world.new_id("F"), name, int(length))
    return {"upload_url": f"{arguments['base']}/upload/v1/{key}", "file_id": world.uploads[key].id}


def receive(world: Workspace, request: Request) -> Reply:
    """The bytes of a file, at the address that was given out for it. Its address is all it takes."""
    waiting = world.uploads.get(request.path.removeprefix("/upload/v1/"))
    if waiting is None or request.verb != "POST":
        return Reply(404, b"not found", _PLAIN)
    if "authorization" in request.headers:
        return Reply(400, b"the token does not belong here", _PLAIN)
    if len(request.body) != waiting.length:
        return Reply(400, b"another length than announced", _PLAIN)
    waiting.content = request.body
    return Reply(200, f"OK - {len(request.body)}".encode(), _PLAIN)


def complete(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """files.completeUploadExternal: all files as one message in one conversation."""
    given = arguments.get("files") or []
    wanted = json.loads(given) if isinstance(given, str) else given
    waiting = {one.id: key for key, one in world.uploads.items() if one.content is not None}
    if not wanted or any(one.get("id") not in waiting for one in wanted):
        raise SlackError("file_not_found")
    channel = world.channel(str(arguments.get("channel_id") or ""))
    if BOT_USER not in channel.members:
        raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    comment = str(arguments.get("initial_comment") or "")
    if rules.length(comment) > rules.TEXT_LIMIT:
        raise SlackError("msg_too_long")
    world.sent.append({"text": comment})
    for one in wanted:
        came = world.uploads.pop(waiting[one["id"]])
        shared = [] if channel.im else [channel.id]
        world.files[came.id] = StoredFile(
            came.id, came.name, came.content or b"", BOT_USER, title=str(one.get("title") or ""), channels=shared,
            private=channel.is_private,
        )  # fmt: skip
    ids = [str(one["id"]) for one in wanted]
    channel.messages.append(Message(world.ts(), BOT_USER, comment, by_bot=True, files=ids))
    return {"files": [{"id": one, "title": world.files[one].title} for one in ids]}


def delete(world: Workspace, arguments: Arguments) -> dict[str, Any]:
    """files.delete: own files only. Who looks for it finds that there was one, and nothing of what was in it."""
    file = world.files.get(str(arguments.get("file") or ""))
    if file is None:
        raise SlackError("file_not_found")
    if file.user != BOT_USER:
        raise SlackError("cant_delete_file")
    if file.mode == "tombstone":
        raise SlackError("file_deleted")
    file.mode, file.content = "tombstone", b""
    return {}


METHODS: Final = {
    "files.getUploadURLExternal": get_address,
    "files.completeUploadExternal": complete,
    "files.delete": delete,
}
"""Method name to the function that does it."""
