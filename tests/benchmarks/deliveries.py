"""Webhook deliveries of GitHub for the load: signed, of realistic size, made before the clock runs."""

import hashlib
import hmac
import json
from uuid import UUID

SECRET = "bench-webhook-secret"
SIZE = 12_000
"""Bytes of a typical `pull_request` body."""


def pull_request(number: int, update: int) -> tuple[dict[str, str], bytes]:
    """Headers and body of one `pull_request` event; each differs."""
    head = hashlib.sha1(f"{number}:{update}".encode(), usedforsecurity=False).hexdigest()
    account = {"id": 1000 + number % 50, "login": f"dev-{number % 50}", "type": "User"}
    repository = {"id": 4711, "full_name": "bench/shop", "default_branch": "main", "private": True}
    body = {
        "action": "edited",
        "number": number,
        "pull_request": {
            "number": number, "title": f"Change {number}", "body": "x" * SIZE, "state": "open", "draft": False,
            "merged": False, "updated_at": f"2026-11-20T10:{update // 60 % 60:02d}:{update % 60:02d}Z", "user": account,
            "head": {"ref": f"topic-{number}", "sha": head, "repo": {"id": 4711}},
            "base": {"ref": "main", "sha": "0" * 39 + "1", "repo": {"id": 4711}},
        },
        "repository": repository,
        "sender": account,
    }  # fmt: skip
    raw = json.dumps(body).encode()
    return headers_for("pull_request", str(UUID(int=number << 64 | update)), raw), raw


def headers_for(event: str, delivery: str, raw: bytes) -> dict[str, str]:
    """As GitHub signs them."""
    signature = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-GitHub-Hook-ID": "1",
        "X-Hub-Signature-256": f"sha256={signature}",
    }
