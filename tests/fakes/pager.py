"""Whoever wakes people: PagerDuty's Events API v2, Opsgenie's alert API, ntfy, and a gateway of text messages, at one
address. Each as strict as its documentation: what it would refuse is refused here, in its words.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.wire import FakeServer, Fault, Json, Reply, Request

ROUTING_KEY: Final = "R0UT1NGK3YR0UT1NGK3YR0UT1NGK3Y00"
GENIE_KEY: Final = "0ae81b4c-2f5d-4a6e-9c1b-6f6d2a3b4c5d"
NTFY_TOKEN: Final = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"
GATEWAY_TOKEN: Final = "what-only-the-gateway-knows"
PATHS: Final = {"pagerduty": "/v2/enqueue", "opsgenie": "/v2/alerts", "ntfy": "/oncall", "json": "/sms"}
TOKENS: Final = {"pagerduty": ROUTING_KEY, "opsgenie": GENIE_KEY, "ntfy": NTFY_TOKEN, "json": GATEWAY_TOKEN}
_FOLLOWING: Final = re.compile(r"^/v2/alerts/([^/]+)/(acknowledge|close)$")
_MOST_MESSAGE, _MOST_ALIAS, _MOST_SUMMARY, _MOST_KEY, _MOST_NTFY = 130, 512, 1024, 255, 4096


@dataclass(slots=True)
class Rung:
    """What woke people: `alerts` by their key with their state, `rings` one text each time somebody was called."""

    alerts: dict[str, str] = field(default_factory=dict)
    urgencies: dict[str, str] = field(default_factory=dict)
    rings: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def ring(self, key: str, urgency: str, text: str) -> None:
        """Call, unless this alert is open already."""
        if self.alerts.get(key) not in {"triggered", "acknowledged"}:
            self.rings.append(text)
            self.alerts[key] = "triggered"
        self.urgencies[key] = urgency

    def follow(self, key: str, state: str) -> None:
        """Acknowledge or resolve; a key that is not known is taken and changes nothing."""
        if self.alerts.get(key, "resolved") != "resolved":
            self.alerts[key] = state


class FakePager(FakeServer):
    """All four. `bodies` are the requests as they came."""

    def __init__(self, *, latency_ms: int = 0) -> None:
        super().__init__(latency_ms=latency_ms)
        self.world = Rung()
        self.bodies: list[str] = []

    def environment(self, kind: str) -> dict[str, str]:
        """What an administrator would set for one of them."""
        return {
            "WACHBUCH_PAGING_URL": f"{self.url}{PATHS[kind]}",
            "WACHBUCH_PAGING_TOKEN": TOKENS[kind],
            "WACHBUCH_PAGING_FORMAT": kind,
        }

    def operation(self, request: Request) -> str:
        """`POST /v2/enqueue`, with the alias of an alert left out."""
        following = _FOLLOWING.match(request.path)
        return f"{request.verb} {f'/v2/alerts/*/{following[2]}' if following else request.path}"

    def handle(self, request: Request) -> Reply:
        """Do the work."""
        if request.verb == "POST":
            self.bodies.append(f"{dict(request.headers)} {request.path} {request.body.decode()}")
        if request.path == PATHS["pagerduty"]:
            return self._pagerduty(request)
        if request.path.startswith(PATHS["opsgenie"]):
            return self._opsgenie(request)
        if request.path == PATHS["json"]:
            return self._gateway(request)
        return self._ntfy(request)

    def refusal(self, fault: Fault) -> Reply:
        """As a gateway in front of them would."""
        headers = {"retry-after": str(fault.retry_after)} if fault.retry_after else {}
        return Reply(fault.status, {"message": fault.error}, headers)

    def state(self) -> Json:
        """Alerts and calls."""
        return {"alerts": self.world.alerts, "rings": self.world.rings}

    # PagerDuty ------------------------------------------------------------------------------------------------

    def _pagerduty(self, request: Request) -> Reply:
        if request.verb != "POST":
            return Reply(405)
        event = _object(request)
        faults = ["JSON is invalid"] if event is None else [*_event_faults(event)]
        if event is None or faults:
            return Reply(400, {"status": "invalid event", "message": "Event object is invalid", "errors": faults})
        key = event["dedup_key"]
        if event["event_action"] == "trigger":
            self.world.ring(key, event["payload"]["severity"], event["payload"]["summary"])
        else:
            self.world.follow(key, f"{event['event_action']}d")
        return Reply(202, {"status": "success", "message": "Event processed", "dedup_key": key})

    # Opsgenie -------------------------------------------------------------------------------------------------

    def _opsgenie(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"GenieKey {GENIE_KEY}":
            return Reply(401, {"message": "Could not authenticate", "took": 0.0, "requestId": "1"})
        if request.verb == "GET":
            return Reply(200, {"data": [], "took": 0.0, "requestId": "1"})
        body, following = _object(request), _FOLLOWING.match(request.path)
        if body is None:
            return Reply(422, {"message": "Request body is not processable. Please check the errors."})
        if following:
            return self._opsgenie_follow(request, following)
        fits = 0 < len(body.get("message", "")) <= _MOST_MESSAGE and 0 < len(body.get("alias", "")) <= _MOST_ALIAS
        if not fits or body.get("priority", "P3") not in {"P1", "P2", "P3", "P4", "P5"}:
            return Reply(422, {"message": "Request body is not processable. Please check the errors."})
        self.world.ring(body["alias"], body.get("priority", "P3"), body["message"])
        return Reply(202, {"result": "Request will be processed", "took": 0.0, "requestId": "1"})

    def _opsgenie_follow(self, request: Request, found: re.Match[str]) -> Reply:
        if request.query.get("identifierType") != "alias":
            return Reply(404, {"message": "Alert does not exist", "took": 0.0, "requestId": "1"})
        self.world.follow(found[1], "acknowledged" if found[2] == "acknowledge" else "resolved")
        return Reply(202, {"result": "Request will be processed", "took": 0.0, "requestId": "1"})

    # ntfy -----------------------------------------------------------------------------------------------------

    def _ntfy(self, request: Request) -> Reply:
        if (request.verb, request.path) == ("GET", "/v1/health"):
            return Reply(200, {"healthy": True})
        if request.path != PATHS["ntfy"] or request.verb not in {"POST", "PUT"}:
            return Reply(404, {"code": 40401, "http": 404, "error": "page not found"})
        if request.headers.get("authorization") != f"Bearer {NTFY_TOKEN}":
            return Reply(403, {"code": 40301, "http": 403, "error": "forbidden"})
        if request.headers.get("priority", "3") not in {"1", "2", "3", "4", "5"}:
            return Reply(400, {"code": 40007, "http": 400, "error": "invalid priority parameter"})
        if not request.headers.get("title", "").isascii() or not 0 < len(request.body) <= _MOST_NTFY:
            return Reply(400, {"code": 40000, "http": 400, "error": "invalid request"})
        self.world.rings.append(request.body.decode())
        self.world.urgencies[request.headers["title"]] = request.headers["priority"]
        return Reply(200, {"id": "sPs71M8A2T", "event": "message", "topic": "oncall"})

    # a gateway ------------------------------------------------------------------------------------------------

    def _gateway(self, request: Request) -> Reply:
        if request.verb != "POST":
            return Reply(405)
        if request.headers.get("authorization") != f"Bearer {GATEWAY_TOKEN}":
            return Reply(401, {"error": "unauthorized"})
        body = _object(request)
        if body is None or set(body) != {"event", "case", "severity", "text"} or not body["text"]:
            return Reply(400, {"error": "bad request"})
        if request.headers["idempotency-key"] in self.world.seen:
            return Reply(204)
        self.world.seen.add(request.headers["idempotency-key"])
        if body["event"] == "page":
            self.world.rings.append(body["text"])
            self.world.alerts[body["case"]] = "triggered"
            self.world.urgencies[body["case"]] = body["severity"]
        else:
            self.world.follow(body["case"], f"{body['event']}d")
        return Reply(204)


def _object(request: Request) -> dict[str, Any] | None:
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return None
    try:
        found = json.loads(request.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _event_faults(event: dict[str, Any]) -> list[str]:
    faults = []
    if event.get("routing_key") != ROUTING_KEY:
        faults.append("Invalid routing key")
    if event.get("event_action") not in {"trigger", "acknowledge", "resolve"}:
        faults.append("'event_action' is invalid")
    if not 0 < len(event.get("dedup_key", "")) <= _MOST_KEY:
        faults.append("'dedup_key' is missing or too long")
    payload = event.get("payload") or {}
    if event.get("event_action") == "trigger":
        if not 0 < len(payload.get("summary", "")) <= _MOST_SUMMARY or not payload.get("source"):
            faults.append("'payload.summary' or 'payload.source' is missing or blank")
        if payload.get("severity") not in {"critical", "error", "warning", "info"}:
            faults.append("'payload.severity' is invalid")
    return faults
