"""`POST /webhooks/github`: verify over the raw body, store in the inbox, answer 202. The rest is a job's work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.body import WEBHOOK_LIMIT, TooLarge, read_body
from bot.web.group_commit import GroupCommit
from bot.web.problems import problem
from integrations.github.webhook import delivery_of, payload_of, verify
from workflows.store.rows import Delivery

KEPT_HEADERS: Final = ("content-type", "x-github-event", "x-github-delivery", "x-github-hook-id")
LONGEST_ID: Final = 200
"""Longer delivery ids are not GitHub's; the digest of the body stands in for them."""


@dataclass(frozen=True, slots=True)
class GitHubWebhook:
    """The endpoint. `store` returns after the commit that holds the delivery."""

    secret: str
    store: GroupCommit[Delivery, bool]
    now: Callable[[], datetime]

    async def answer(self, request: Request) -> Response:
        """202 stored, 200 seen before, 401 not from GitHub, 413 too large, 400 not a JSON object."""
        try:
            raw = await read_body(request, WEBHOOK_LIMIT)
        except TooLarge:
            return problem(413, "body too large", f"at most {WEBHOOK_LIMIT} bytes")
        if not verify(request.headers, raw, self.secret).genuine:
            return problem(401, "signature missing or wrong", "X-Hub-Signature-256 over the raw body, HMAC-SHA256")
        if payload_of(raw, request.headers.get("content-type", "")) is None:
            return problem(400, "not a JSON object", "application/json, or the form field payload")
        headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
        _, delivery_id, hook = delivery_of(headers)
        if not 0 < len(delivery_id) <= LONGEST_ID:
            delivery_id = sha256(raw).hexdigest()
        new = await self.store.submit(Delivery("github", hook[:LONGEST_ID], delivery_id, headers, raw, self.now()))
        return JSONResponse({"stored": new}, status_code=202 if new else 200)
