"""Warnings of GitHub: secrets in the code, faults in it, faults of dependencies. The secret itself is never read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import AwareDatetime

from config.policy.ids import AlertKind, AlertLevel
from integrations.github.bodies import Account, FromRepository, Part
from integrations.parsing import Ignored
from workflows.actors import Source
from workflows.incident.alerts import Alert, AlertState

KINDS: Final[Mapping[str, AlertKind]] = {
    "secret_scanning_alert": AlertKind.SECRET,
    "code_scanning_alert": AlertKind.CODE,
    "dependabot_alert": AlertKind.DEPENDENCY,
}
_STATES: Final[Mapping[str, AlertState]] = {
    "created": AlertState.OPEN,
    "reopened": AlertState.OPEN,
    "reopened_by_user": AlertState.OPEN,
    "auto_reopened": AlertState.OPEN,
    "reintroduced": AlertState.OPEN,
    "appeared_in_branch": AlertState.OPEN,
    "publicly_leaked": AlertState.OPEN,
    "resolved": AlertState.RESOLVED,
    "fixed": AlertState.RESOLVED,
    "dismissed": AlertState.DISMISSED,
    "auto_dismissed": AlertState.DISMISSED,
    "closed_by_user": AlertState.DISMISSED,
}
_NO_REAL_ONE: Final = frozenset({"false_positive", "wont_fix", "used_in_tests"})
_ENDED_BY_SOMEBODY: Final = frozenset({AlertState.RESOLVED, AlertState.DISMISSED})


class _Package(Part):
    name: str = ""


class _Dependency(Part):
    package: _Package = _Package()


class _Advisory(Part):
    ghsa_id: str = ""
    cve_id: str | None = None
    summary: str = ""
    severity: str = ""
    classification: str = ""


class _Rule(Part):
    id: str | None = None
    description: str = ""
    security_severity_level: str | None = None


class _Tool(Part):
    name: str | None = None


class _Instance(Part):
    ref: str = ""


class _Alert(Part):
    number: int
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    html_url: str = ""
    resolution: str | None = None
    secret_type: str = ""
    secret_type_display_name: str = ""
    validity: str | None = None
    publicly_leaked: bool | None = None
    rule: _Rule = _Rule()
    tool: _Tool = _Tool()
    most_recent_instance: _Instance | None = None
    dependency: _Dependency = _Dependency()
    security_advisory: _Advisory = _Advisory()


class _Body(FromRepository):
    alert: _Alert
    sender: Account | None = None
    ref: str | None = None


def read_alert(event: str, action: str, payload: Mapping[str, Any], seen_at: datetime) -> Alert | Ignored:
    """The warning that an event tells of. Raises ValidationError for a body that lacks what every warning has."""
    state = _STATES.get(action)
    if state is None:
        return Ignored(event, action)
    body = _Body.model_validate(payload)
    kind, told = KINDS[event], body.alert
    level = _level(kind, told, action)
    if level is None or _is_proposed(body):
        return Ignored(event, action)
    if told.resolution in _NO_REAL_ONE and state is AlertState.RESOLVED:
        state = AlertState.DISMISSED
    return Alert(
        source=Source.GITHUB,
        repository=body.repository.full_name,
        repository_id=body.repository.number,
        kind=kind,
        number=told.number,
        title=_title(kind, told),
        level=level,
        state=state,
        at=min(told.updated_at or told.created_at or seen_at, seen_at),
        url=told.html_url,
        by=(body.sender.login or "") if body.sender and state in _ENDED_BY_SOMEBODY else "",
    )


def _is_proposed(body: _Body) -> bool:
    """Whether it was only found in what a request proposes: that is held by the gate, not worked on as an incident."""
    instance = body.alert.most_recent_instance
    return (body.ref or (instance.ref if instance else "")).startswith("refs/pull/")


def _level(kind: AlertKind, told: _Alert, action: str) -> AlertLevel | None:
    """How bad it is; None for what is no matter of security (a rule of style)."""
    if kind is AlertKind.SECRET:
        known_outside = told.publicly_leaked or action == "publicly_leaked" or told.validity == "active"
        return AlertLevel.CRITICAL if known_outside else AlertLevel.HIGH
    if kind is AlertKind.CODE:
        return _named(told.rule.security_severity_level)
    advisory = told.security_advisory
    return AlertLevel.CRITICAL if advisory.classification == "malware" else _named(advisory.severity)


def _named(level: str | None) -> AlertLevel | None:
    return AlertLevel(level) if level in set(AlertLevel) else None


def _title(kind: AlertKind, told: _Alert) -> str:
    if kind is AlertKind.SECRET:
        return told.secret_type_display_name or told.secret_type
    advisory = told.security_advisory
    parts: Mapping[AlertKind, tuple[str | None, ...]] = {
        AlertKind.CODE: (told.rule.description or told.rule.id, told.tool.name),
        AlertKind.DEPENDENCY: (told.dependency.package.name, advisory.cve_id or advisory.ghsa_id, advisory.summary),
    }
    return ", ".join(part for part in parts[kind] if part)
