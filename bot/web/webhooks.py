"""`POST /webhooks/<forge>`: verify over the raw body, store in the inbox, answer 202. The rest is a job's work."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.body import WEBHOOK_LIMIT, TooLarge, read_body
from bot.web.group_commit import GroupCommit
from bot.web.problems import problem
from integrations.signatures import Checked
from workflows.store.rows import Delivery

PATIENCE_SECONDS: Final = 9.0
"""The forges give up after 10 s; a database that is stuck must not collect their connections."""
LONGEST_ID: Final = 200
"""Longer delivery ids are no forge's; the digest of the body stands in for them."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who calls: how its calls prove genuine, and what names a delivery.

    `kept` are the headers that are stored with the body, in lower case. `delivery` gives hook and delivery id, either
    of them empty when it is not told; `proof` says in words what the signature has to be.
    """

    source: str
    kept: tuple[str, ...]
    genuine: Callable[[Mapping[str, str], bytes, datetime], Checked]
    delivery: Callable[[Mapping[str, str]], tuple[str, str]]
    payload: Callable[[bytes, str], dict[str, Any] | None]
    proof: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """The endpoint of one sender. `store` returns after the commit that holds the delivery."""

    sender: Sender
    store: GroupCommit[Delivery, bool]
    now: Callable[[], datetime]
    patience: float = PATIENCE_SECONDS

    async def answer(self, request: Request) -> Response:
        """202 stored, 200 seen before, 401 not from the forge, 413 too large, 400 no JSON object, 503 not in time."""
        sender = self.sender
        try:
            raw = await read_body(request, WEBHOOK_LIMIT)
        except TooLarge:
            return problem(413, "body too large", f"at most {WEBHOOK_LIMIT} bytes")
        if not sender.genuine(request.headers, raw, self.now()).genuine:
            return problem(401, "signature missing or wrong", sender.proof)
        if sender.payload(raw, request.headers.get("content-type", "")) is None:
            return problem(400, "not a JSON object", "a JSON object")
        headers = {name: request.headers[name] for name in sender.kept if name in request.headers}
        hook, delivery_id = sender.delivery(headers)
        if not 0 < len(delivery_id) <= LONGEST_ID:
            delivery_id = sha256(raw).hexdigest()
        delivery = Delivery(sender.source, hook[:LONGEST_ID], delivery_id, headers, raw, self.now())
        try:
            new = await asyncio.wait_for(self.store.submit(delivery), self.patience)
        except TimeoutError:
            # It may be stored yet: then the same delivery later is one that was seen before.
            return problem(503, "not stored in time", "the same delivery later")
        return JSONResponse({"stored": new}, status_code=202 if new else 200)
