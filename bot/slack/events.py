"""Events: an inbox row, then 200. What they mean is worked out later, by a job."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.slack.body import Body, text_at


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """An event as it is to be stored.

    `delivery_id` is Slack's event id; the same thing may come under several of them, so `business_key` names what
    happened (channel, time stamp, kind) and is unique too. It is empty where the event is about no message.
    """

    delivery_id: str
    business_key: str
    kind: str
    raw: bytes


AcceptEvent = Callable[[IncomingEvent, Mapping[str, str]], bool]
"""Stores an event; whether it was new. Header names are lower case."""


def read_event(raw: bytes, body: Body) -> IncomingEvent | None:
    """The event in a body, None when it holds none."""
    event = body.get("event")
    kind = text_at(body, "event", "type")
    if text_at(body, "type") != "event_callback" or not isinstance(event, Mapping) or not kind:
        return None
    delivery = text_at(body, "event_id") or hashlib.sha256(raw).hexdigest()
    return IncomingEvent(delivery, business_key(event), kind, _needed(event) if kind == "user_change" else raw)


def _needed(event: Mapping[str, object]) -> bytes:
    """Of a member who changed only who, and whether they left: Slack sends the whole profile with every status."""
    user = event.get("user")
    known = {key: user[key] for key in ("id", "deleted") if key in user} if isinstance(user, Mapping) else {}
    return json.dumps({"event": {"type": "user_change", "user": known}}).encode()


def business_key(event: Mapping[str, object]) -> str:
    """Channel, time stamp and kind of what an event is about; for a reaction also who and which."""
    item = event.get("item")
    about = item if isinstance(item, Mapping) else event
    channel, ts = text_at(about, "channel"), text_at(about, "ts")
    if not channel or not ts:
        return ""
    parts = [channel, ts, text_at(event, "type"), text_at(event, "subtype")]
    if about is item:
        parts += [text_at(event, "user"), text_at(event, "reaction"), text_at(event, "event_ts")]
    if text_at(event, "subtype"):
        parts.append(text_at(event, "event_ts"))
    return "/".join(parts)
