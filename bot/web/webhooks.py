"""`POST /webhooks/github`: verify over the raw body, store in the inbox, answer 202. The rest is a job's work."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.body import WEBHOOK_LIMIT, TooLarge, read_body
from bot.web.group_commit import GroupCommit
from bot.web.inbox import Delivery
from bot.web.problems import problem
from integrations.signatures import github_signature_holds

KEPT_HEADERS: Final = ("x-github-event", "x-github-delivery", "x-github-hook-id")
FORM: Final = "application/x-www-form-urlencoded"
UNREADABLE_ID: Final = 200
"""Longer delivery ids are not GitHub's; the digest of the body stands in for them."""


@dataclass(frozen=True, slots=True)
class GitHubWebhook:
    """The endpoint. `store` returns after the commit that holds the delivery."""

    secret: str
    store: GroupCommit[Delivery, bool]
    now: Callable[[], datetime]

    async def __call__(self, request: Request) -> Response:
        """202 stored, 200 seen before, 401 not from GitHub, 413 too large, 400 not a JSON object."""
        try:
            raw = await read_body(request, WEBHOOK_LIMIT)
        except TooLarge:
            return problem(413, "body too large", f"at most {WEBHOOK_LIMIT} bytes")
        if not github_signature_holds(self.secret, raw, request.headers.get("x-hub-signature-256")):
            return problem(401, "signature missing or wrong", "X-Hub-Signature-256 over the raw body, HMAC-SHA256")
        body = payload_of(raw, request.headers.get("content-type", ""))
        if body is None:
            return problem(400, "not a JSON object", "application/json, or the form field payload")
        headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
        delivery_id = headers.get("x-github-delivery", "")
        if not 0 < len(delivery_id) <= UNREADABLE_ID:
            delivery_id = sha256(raw).hexdigest()
        hook = headers.get("x-github-hook-id", "")[:UNREADABLE_ID]
        new = await self.store.submit(Delivery("github", hook, delivery_id, headers, body, self.now()))
        return JSONResponse({"stored": new}, status_code=202 if new else 200)


def payload_of(raw: bytes, content_type: str) -> bytes | None:
    """The JSON object of a delivery, as bytes; None when there is none. GitHub can send it as a form field."""
    text = raw
    if content_type.split(";", maxsplit=1)[0].strip().lower() == FORM:
        try:
            fields = parse_qs(raw.decode("utf-8"), strict_parsing=True, max_num_fields=10)
        except (UnicodeDecodeError, ValueError):
            return None
        text = fields.get("payload", [""])[0].encode()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return text if isinstance(found, dict) else None
