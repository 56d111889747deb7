"""What comes over a connection: envelopes to be acknowledged, and what Slack says about the connection itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.body import Body, text_at


@dataclass(frozen=True, slots=True)
class Envelope:
    """A command, interaction or event. Slack sends it again until its id comes back (events only for a while).

    `takes_answer`: the acknowledgement may carry the answer, as the body of an HTTP answer would.
    """

    id: str
    kind: str
    payload: Body
    takes_answer: bool

    def acknowledged(self, answer: Mapping[str, Any] | None) -> str:
        """The text that acknowledges it."""
        told: dict[str, Any] = {"envelope_id": self.id}
        if answer and self.takes_answer:
            told["payload"] = dict(answer)
        return json.dumps(told)


@dataclass(frozen=True, slots=True)
class Hello:
    """The connection is in service. `connections`: how many this app has open, in all its processes."""

    connections: int


@dataclass(frozen=True, slots=True)
class Farewell:
    """The connection ends soon, or was never wanted: `warning`, `refresh_requested`, `link_disabled` and others."""

    reason: str


Said = Envelope | Hello | Farewell


def read_message(text: str) -> Said | None:
    """What a message says; None for whatever is not understood (it is not acknowledged, and so comes again)."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    kind = text_at(told, "type")
    if kind == "hello":
        count = told.get("num_connections")
        return Hello(count if isinstance(count, int) else 0)
    if kind == "disconnect":
        return Farewell(text_at(told, "reason") or "unknown")
    key, payload = text_at(told, "envelope_id"), told.get("payload")
    if not key or not isinstance(payload, dict):
        return None
    return Envelope(key, kind, payload, told.get("accepts_response_payload") is True)
