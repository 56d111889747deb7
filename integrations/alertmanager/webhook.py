"""Webhooks of Prometheus' Alertmanager (version 4 of the body): is it genuine, and which alarms does it tell of?

An alarm is what its labels say, so its number is their fingerprint. All that Alertmanager groups is one place.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from config.policy.ids import AlertKind, AlertLevel
from config.policy.secrets import looks_secret
from integrations import signatures
from integrations.parsing import Incomplete, json_object, leniently
from integrations.signatures import Checked
from workflows.actors import Source
from workflows.incident.alerts import Alert, AlertState

_NAMED: Final = ("service", "job", "namespace", "instance")
"""Labels that can say what it is about; the first that is there does."""
_LEVELS: Final[Mapping[str, AlertLevel]] = {
    **dict.fromkeys(("critical", "page", "emergency", "fatal", "disaster"), AlertLevel.CRITICAL),
    **dict.fromkeys(("high", "error", "major"), AlertLevel.HIGH),
    **dict.fromkeys(("low", "info", "minor", "notice", "none"), AlertLevel.LOW),
}
"""What the label `severity` is called in practice. Everything else, and no label at all, counts as medium."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Told(_Part):
    status: Literal["firing", "resolved"]
    labels: Mapping[str, str]
    annotations: Mapping[str, str] = {}
    starts_at: AwareDatetime = Field(alias="startsAt")
    ends_at: AwareDatetime | None = Field(default=None, alias="endsAt")
    generator_url: str = Field(default="", alias="generatorURL")
    fingerprint: str = Field(pattern=r"^[0-9a-f]{1,32}$")


class _Body(_Part):
    version: Literal["4"]
    group: str = Field(alias="groupKey", min_length=1)
    receiver: str = ""
    external_url: str = Field(default="", alias="externalURL")
    alerts: tuple[_Told, ...]


def verify(headers: Mapping[str, str], token: str) -> Checked:
    """Whether whoever calls knows our token (`http_config.authorization` of the receiver)."""
    return signatures.check_bearer(headers, token)


def payload_of(body: bytes, _: str = "") -> dict[str, Any] | None:
    """The JSON object in a body, None when there is none."""
    return json_object(body)


def parse(payload: Mapping[str, Any], seen_at: datetime) -> tuple[Alert, ...] | Incomplete:
    """The alarms that a body tells of. Never raises. `seen_at` is our clock at the arrival."""
    return leniently("alertmanager", lambda: _alerts(_Body.model_validate(payload), seen_at))


def _alerts(body: _Body, seen_at: datetime) -> tuple[Alert, ...]:
    return tuple(_alert(body, told, seen_at) for told in body.alerts)


def _alert(body: _Body, told: _Told, seen_at: datetime) -> Alert:
    over = told.status == "resolved"
    at = told.ends_at if over and told.ends_at else told.starts_at
    return Alert(
        source=Source.ALERTMANAGER,
        repository=next((told.labels[name] for name in _NAMED if told.labels.get(name)), body.receiver),
        repository_id=sha256(body.group.encode()).hexdigest()[:32],
        kind=AlertKind.MONITORING,
        number=int(told.fingerprint, 16),
        title=_title(told),
        level=_LEVELS.get(told.labels.get("severity", "").casefold(), AlertLevel.MEDIUM),
        state=AlertState.RESOLVED if over else AlertState.OPEN,
        at=min(at, seen_at),
        url=next((url for url in (told.generator_url, body.external_url) if _is_address(url)), ""),
    )


def _title(told: _Told) -> str:
    """Name and summary. Annotations are templates and can hold what should stand nowhere: then only the name."""
    summary = told.annotations.get("summary", "")
    parts = (told.labels.get("alertname", ""), summary)
    return ", ".join(part for part in parts if part and not looks_secret(part))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not looks_secret(url)
