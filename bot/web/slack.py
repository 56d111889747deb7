"""`POST /slack/events`: commands, interactions and events. Bolt blocks, so it runs in a thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.web.body import SLACK_LIMIT, TooLarge, read_body
from bot.web.problems import problem

Handle = Callable[[bytes, Mapping[str, str]], tuple[int, dict[str, str], bytes]]


@dataclass(frozen=True, slots=True)
class SlackEndpoint:
    """Hands the raw request to the Slack edge, which verifies it."""

    handle: Handle

    async def answer(self, request: Request) -> Response:
        """What the edge answers; 413 for a body that Slack never sends."""
        try:
            raw = await read_body(request, SLACK_LIMIT)
        except TooLarge:
            return problem(413, "body too large", f"at most {SLACK_LIMIT} bytes")
        status, headers, body = await run_in_threadpool(self.handle, raw, dict(request.headers))
        return Response(body, status, headers)
