"""Reading a request body without ever holding more than the limit."""

from typing import Final

from starlette.requests import Request

WEBHOOK_LIMIT: Final = 25 * 1024 * 1024
"""GitHub sends no larger body; larger ones are refused with 413."""
SLACK_LIMIT: Final = 1024 * 1024
"""Slack's interaction payloads stay far below this."""

FORM_LIMIT: Final = 1024 * 1024
"""A form of the console; the longest answers to all its questions stay below this."""


class TooLarge(Exception):
    """The body exceeds the limit."""


async def read_body(request: Request, limit: int) -> bytes:
    """The raw body. Raises TooLarge as soon as the limit is passed, whatever the header says."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLarge
        chunks.append(chunk)
    return b"".join(chunks)
