"""What goes out to a pager, in each format: the number of a case and its severity, never what it is about.

- `pagerduty`: Events API v2, one alert per `dedup_key`.
- `opsgenie`: alert API v2, one open alert per `alias`.
- `ntfy`: a message to a topic; ntfy knows no acknowledging.
- `json`: one flat object, for gateways of text messages and whatever else takes a POST.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from config.policy.ids import Severity
from config.settings import PagingFormat

SOURCE: Final = "wachbuch"
_UNKNOWN: Final = "unknown"
_URGENCY: Final[Mapping[Severity | None, str]] = {
    Severity.S1: "critical",
    Severity.S2: "error",
    Severity.S3: "warning",
    Severity.S4: "info",
    None: "error",
}
"""PagerDuty's severities. What is not assessed yet has to wake somebody: `error` is of high urgency there."""
_PRIORITY: Final[Mapping[Severity | None, str]] = {
    Severity.S1: "P1",
    Severity.S2: "P2",
    Severity.S3: "P3",
    Severity.S4: "P4",
    None: "P2",
}
_LOUDNESS: Final[Mapping[Severity | None, str]] = {
    Severity.S1: "5",
    Severity.S2: "4",
    Severity.S3: "3",
    Severity.S4: "3",
    None: "5",
}


class Step(StrEnum):
    """What the other side is told."""

    PAGE = "page"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class Told:
    """A step of a case: its number, its severity as far as it is known, and both as a sentence.

    `intent` is the same for every try at the same step.
    """

    step: Step
    number: str
    severity: Severity | None
    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def outgoing(kind: PagingFormat, url: str, token: str, told: Told) -> Outgoing | None:
    """The request that tells it; None where the format has no such step."""
    match kind:
        case PagingFormat.PAGERDUTY:
            return _json(url, _pagerduty(token, told), {})
        case PagingFormat.OPSGENIE:
            return _opsgenie(url, token, told)
        case PagingFormat.NTFY:
            return _ntfy(url, token, told) if told.step is Step.PAGE else None
        case PagingFormat.JSON:
            return _json(url, _plain(told), {"idempotency-key": told.intent, **bearer(token)})


def bearer(token: str) -> Mapping[str, str]:
    """The header of a token, where there is one."""
    return {"authorization": f"Bearer {token}"} if token else {}


def genie_key(token: str) -> Mapping[str, str]:
    """Opsgenie's own kind of authorization."""
    return {"authorization": f"GenieKey {token}"}


def _json(url: str, body: Mapping[str, object], headers: Mapping[str, str]) -> Outgoing:
    return Outgoing(url, json.dumps(body).encode(), {"content-type": "application/json", **headers})


def _pagerduty(token: str, told: Told) -> Mapping[str, object]:
    action = {Step.PAGE: "trigger"}.get(told.step, told.step.value)
    body: dict[str, object] = {"routing_key": token, "event_action": action, "dedup_key": told.number}
    if told.step is Step.PAGE:
        body["payload"] = {"summary": told.text, "source": SOURCE, "severity": _URGENCY[told.severity]}
    return body


def _opsgenie(url: str, token: str, told: Told) -> Outgoing:
    headers = genie_key(token)
    if told.step is Step.PAGE:
        priority = _PRIORITY[told.severity]
        alert = {"message": told.text, "alias": told.number, "priority": priority, "source": SOURCE}
        return _json(url, alert, headers)
    action = "acknowledge" if told.step is Step.ACKNOWLEDGE else "close"
    address = f"{url.rstrip('/')}/{quote(told.number, safe='')}/{action}?identifierType=alias"
    return _json(address, {"source": SOURCE}, headers)


def _ntfy(url: str, token: str, told: Told) -> Outgoing:
    headers = {"title": told.number, "priority": _LOUDNESS[told.severity], "tags": "rotating_light"}
    return Outgoing(url, told.text.encode(), {"content-type": "text/plain; charset=utf-8", **headers, **bearer(token)})


def _plain(told: Told) -> Mapping[str, object]:
    severity = told.severity.value if told.severity else _UNKNOWN
    return {"event": told.step.value, "case": told.number, "severity": severity, "text": told.text}
