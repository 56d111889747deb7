"""Webhook deliveries: signed and sent as GitHub does, once, and never again by themselves."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from tests.fakes.client import Transport
from tests.fakes.github.shapes import moment
from tests.fakes.sending import Sending

WEBHOOK_SECRET: Final = "webhook-secret-of-the-fake"
HOOK_ID: Final = 77
EVENTS: Final = (
    "check_run", "check_suite", "deployment", "deployment_status", "pull_request", "pull_request_review", "push",
    "repository", "status",
)  # fmt: skip
"""What the hook is subscribed to."""
_OK: Final = range(200, 300)
_KEPT: Final = timedelta(days=3)
"""For so long a delivery is listed and can be sent again."""


@dataclass(slots=True)
class Delivery:
    """One delivery and how it went."""

    id: int
    guid: str
    event: str
    action: str | None
    body: bytes
    at: datetime
    repository_id: int | None
    redelivery: bool = False
    status_code: int = 0
    status: str = "pending"
    seconds: float = 0.0

    def shape(self, *, full: bool = False) -> dict[str, Any]:
        """As the deliveries API gives it."""
        short = {
            "id": self.id,
            "guid": self.guid,
            "delivered_at": moment(self.at),
            "redelivery": self.redelivery,
            "duration": self.seconds,
            "status": self.status,
            "status_code": self.status_code,
            "event": self.event,
            "action": self.action,
            "installation_id": None,
            "repository_id": self.repository_id,
        }
        return short | ({"request": {"headers": {}, "payload": json.loads(self.body)}} if full else {})


@dataclass(slots=True)
class Hook(Sending[Delivery]):
    """Where deliveries go. Without a transport they are only recorded."""

    now: Callable[[], datetime]
    new_id: Callable[[], int]
    transport: Transport | None = None
    secret: str = WEBHOOK_SECRET
    path: str = "/webhooks/github"
    form_encoded: bool = False
    deliveries: list[Delivery] = field(default_factory=list)
    active: bool = True
    """A hook that is switched off sends nothing, and lists nothing."""
    events: list[str] = field(default_factory=lambda: list(EVENTS))
    url: str = "https://wachbuch.example/webhooks/github"

    def headers(self, delivery: Delivery, body: bytes) -> dict[str, str]:
        """Headers of one delivery, signed over exactly this body."""
        sha256 = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        sha1 = hmac.new(self.secret.encode(), body, hashlib.sha1).hexdigest()
        return {
            "user-agent": "GitHub-Hookshot/fa4e123",
            "content-type": "application/x-www-form-urlencoded" if self.form_encoded else "application/json",
            "x-github-delivery": delivery.guid,
            "x-github-event": delivery.event,
            "x-github-hook-id": str(HOOK_ID),
            "x-github-hook-installation-target-type": "integration",
            "x-hub-signature": f"sha1={sha1}",
            "x-hub-signature-256": f"sha256={sha256}",
        }

    def emit(self, event: str, payload: dict[str, Any]) -> Delivery:
        """Record a delivery and put it on its way; GitHub does not wait for it."""
        repository = payload.get("repository") or {}
        delivery = Delivery(
            self.new_id(),
            str(uuid.uuid4()),
            event,
            payload.get("action"),
            json.dumps(payload).encode(),
            self.now(),
            repository.get("id"),
        )
        if not self.active:
            return delivery
        self.deliveries.append(delivery)
        self.put(delivery)
        return delivery

    @property
    def kept(self) -> list[Delivery]:
        """The attempts of the last days, newest first."""
        return [one for one in reversed(self.deliveries) if self.now() - one.at < _KEPT]

    def again(self, delivery_id: int) -> Delivery:
        """Redeliver: a new attempt with the same guid."""
        first = next(one for one in self.deliveries if one.id == delivery_id)
        attempt = Delivery(
            self.new_id(),
            first.guid,
            first.event,
            first.action,
            first.body,
            self.now(),
            first.repository_id,
            redelivery=True,
        )
        self.deliveries.append(attempt)
        self.put(attempt)
        return attempt

    def send(self, delivery: Delivery) -> None:
        """One attempt, now."""
        if self.transport is None:
            delivery.status = "recorded"
            return
        body = _form(delivery.body) if self.form_encoded else delivery.body
        answer = self.exchanged(self.transport, self.path, self.headers(delivery, body), body)
        if isinstance(answer, str):
            delivery.status = answer
            return
        delivery.status_code, delivery.seconds = answer.status, answer.seconds
        delivery.status = "OK" if answer.status in _OK else f"Invalid HTTP Response: {answer.status}"


def _form(body: bytes) -> bytes:
    return urlencode({"payload": body.decode()}).encode()
