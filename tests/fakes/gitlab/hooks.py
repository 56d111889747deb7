"""Webhooks: signed and sent as GitLab does, once, and switched off when they keep failing."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from tests.fakes.client import Answer, Transport
from tests.fakes.gitlab.shapes import moment
from tests.fakes.sending import Sending

SIGNING_TOKEN: Final = "whsec_" + base64.b64encode(bytes(range(32))).decode()
WEBHOOK_TOKEN: Final = "legacy-token-of-the-fake"
HOOK_URL: Final = "https://wachbuch.example/webhooks/gitlab"
FAILURES_UNTIL_PAUSED: Final = 4
FAILURES_UNTIL_OFF: Final = 40
RESENDS_A_MINUTE: Final = 5
_LONGEST_PAUSE: Final = timedelta(days=1)
_KEPT: Final = timedelta(days=7)
EVENTS: Final = {
    "push_hooks": "push_events",
    "tag_push_hooks": "tag_push_events",
    "merge_request_hooks": "merge_requests_events",
    "note_hooks": "note_events",
    "pipeline_hooks": "pipeline_events",
    "job_hooks": "job_events",
    "deployment_hooks": "deployment_events",
    "emoji_hooks": "emoji_events",
    "vulnerability_hooks": "vulnerability_events",
    "issue_hooks": "issues_events",
}
"""Trigger to the switch that turns it on."""


def event_header(trigger: str) -> str:
    """`X-Gitlab-Event` of a trigger."""
    return trigger.removesuffix("s").replace("_", " ").title()


def standard_signature(token: str, message_id: str, stamp: str, body: bytes) -> str:
    """The signature of Standard Webhooks."""
    key = base64.b64decode(token.removeprefix("whsec_"))
    mac = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(mac.digest()).decode()}"


@dataclass(slots=True)
class Hook:
    """A webhook of a project (or of a group, then `group` is set)."""

    id: int
    url: str
    project: int | None = None
    group: str = ""
    signing_token: str = ""
    token: str = ""
    events: set[str] = field(default_factory=lambda: set(EVENTS.values()))
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: datetime | None = None
    failures: int = 0
    """In a row."""
    disabled_until: datetime | None = None
    off: bool = False

    def runs(self, now: datetime) -> bool:
        """Whether it sends at all."""
        return not self.off and not (self.disabled_until and now < self.disabled_until)

    def shape(self, now: datetime) -> dict[str, Any]:
        """As the API gives it; tokens are never shown."""
        status = "disabled" if self.off else "executable" if self.runs(now) else "temporarily_disabled"
        return {
            "id": self.id,
            "url": self.url,
            "name": None,
            "description": None,
            "created_at": moment(self.created),
            **({"project_id": self.project} if self.project else {"group_id": self.id}),
            **{name: name in self.events for name in EVENTS.values()},
            "push_events_branch_filter": "",
            "branch_filter_strategy": "wildcard",
            "enable_ssl_verification": True,
            "token_present": bool(self.token),
            "signing_token_present": bool(self.signing_token),
            "alert_status": status,
            "disabled_until": moment(self.disabled_until),
            "url_variables": [],
            "custom_headers": [],
        }

    def judged(self, now: datetime, *, fine: bool) -> None:
        """Failures in a row pause it, ever longer, and at last switch it off."""
        if fine:
            self.failures, self.disabled_until, self.off = 0, None, False
            return
        self.failures += 1
        if self.failures >= FAILURES_UNTIL_OFF:
            self.off = True
        elif self.failures >= FAILURES_UNTIL_PAUSED:
            pause = timedelta(minutes=1) * 2 ** min(self.failures - FAILURES_UNTIL_PAUSED, 11)
            self.disabled_until = now + min(pause, _LONGEST_PAUSE)


@dataclass(slots=True)
class Delivery:
    """One attempt and how it went."""

    id: int
    hook: Hook
    trigger: str
    body: bytes
    key: str
    """Idempotency key: the same when it is sent again."""
    event_uuid: str
    at: datetime
    again: bool = False
    response_status: str = "pending"
    seconds: float = 0.0

    def shape(self) -> dict[str, Any]:
        """As the hook events API gives it."""
        return {
            "id": self.id,
            "url": self.hook.url,
            "trigger": self.trigger,
            "request_headers": {
                "Content-Type": "application/json",
                "Idempotency-Key": self.key,
                "X-Gitlab-Event": event_header(self.trigger),
                "X-Gitlab-Webhook-UUID": self.hook.uuid,
                "X-Gitlab-Event-UUID": self.event_uuid,
                **({"X-Gitlab-Token": "[REDACTED]"} if self.hook.token else {}),
            },
            "request_data": json.loads(self.body),
            "response_headers": {},
            "response_body": "",
            "execution_duration": self.seconds,
            "response_status": self.response_status,
        }


@dataclass(slots=True)
class Hooks(Sending[Delivery]):
    """All hooks of the instance, and where their deliveries go. Without a transport they are only recorded."""

    now: Callable[[], datetime]
    new_id: Callable[[], int]
    transport: Transport | None = None
    path: str = "/webhooks/gitlab"
    instance: str = "https://gitlab.example"
    pauses: bool = True
    """Whether failing hooks are switched off (GitLab.com does; elsewhere it is a setting)."""
    hooks: dict[int, Hook] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)

    def add(self, **settings: Any) -> Hook:
        """A new hook; `settings` as in `Hook`."""
        hook = Hook(self.new_id(), settings.pop("url", HOOK_URL), created=self.now(), **settings)
        self.hooks[hook.id] = hook
        return hook

    def events_of(self, hook: Hook) -> list[Delivery]:
        """The attempts of the last week, newest first."""
        return [one for one in reversed(self.deliveries) if one.hook is hook and self.now() - one.at < _KEPT]

    def resent_lately(self, hook: Hook) -> int:
        """How many of its events were sent again within a minute."""
        minute = timedelta(minutes=1)
        return sum(one.again and self.now() - one.at < minute for one in self.events_of(hook))

    def headers(self, delivery: Delivery) -> dict[str, str]:
        """Headers of one delivery, signed over exactly its body."""
        hook = delivery.hook
        headers = {
            "content-type": "application/json",
            "user-agent": "GitLab/19.0.0",
            "idempotency-key": delivery.key,
            "x-gitlab-event": event_header(delivery.trigger),
            "x-gitlab-webhook-uuid": hook.uuid,
            "x-gitlab-instance": self.instance,
            "x-gitlab-event-uuid": delivery.event_uuid,
        }
        if hook.token:
            headers["x-gitlab-token"] = hook.token
        if hook.signing_token:
            stamp = str(int(self.now().timestamp()))
            headers |= {"webhook-id": delivery.key, "webhook-timestamp": stamp}
            headers["webhook-signature"] = standard_signature(hook.signing_token, delivery.key, stamp, delivery.body)
        return headers

    def emit(self, project: int, group: str, trigger: str, body: dict[str, Any]) -> list[Delivery]:
        """Put an event on its way to every hook that listens; GitLab does not wait for it."""
        event, sent = str(uuid.uuid4()), []
        for hook in self.hooks.values():
            own = hook.project == project or (hook.group and f"{group}/".startswith(f"{hook.group}/"))
            if own and EVENTS[trigger] in hook.events and hook.runs(self.now()):
                key = str(uuid.uuid4())
                delivery = Delivery(self.new_id(), hook, trigger, json.dumps(body).encode(), key, event, self.now())
                self.deliveries.append(delivery)
                self.put(delivery)
                sent.append(delivery)
        return sent

    def again(self, delivery_id: int) -> Delivery:
        """Resend: a new attempt with the same idempotency key, even when the hook is switched off."""
        first = next(one for one in self.deliveries if one.id == delivery_id)
        attempt = Delivery(
            self.new_id(), first.hook, first.trigger, first.body, first.key, first.event_uuid, self.now(), again=True
        )
        self.deliveries.append(attempt)
        self.send(attempt)
        return attempt

    def send(self, delivery: Delivery) -> None:
        """One attempt, now."""
        if self.transport is None:
            delivery.response_status = "recorded"
            return
        answer = self.exchanged(self.transport, self.path, self.headers(delivery), delivery.body)
        fine = isinstance(answer, Answer) and answer.status in range(200, 400)
        delivery.response_status = str(answer.status) if isinstance(answer, Answer) else "internal error"
        delivery.seconds = answer.seconds if isinstance(answer, Answer) else 0.0
        if self.pauses:
            delivery.hook.judged(self.now(), fine=fine)
