"""Warnings of GitLab: vulnerabilities that its scanners found. The secret itself is never read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from config.policy.ids import AlertKind, AlertLevel
from integrations.parsing import Incomplete
from workflows.actors import Source
from workflows.incident.alerts import Alert, AlertState

KIND: Final = "vulnerability"
_KINDS: Final[Mapping[str, AlertKind]] = {
    "secret_detection": AlertKind.SECRET,
    "dependency_scanning": AlertKind.DEPENDENCY,
    "container_scanning": AlertKind.DEPENDENCY,
    "cluster_image_scanning": AlertKind.DEPENDENCY,
}
"""Everything else was found in the code itself, or by trying it out."""
_STATES: Final[Mapping[str, AlertState]] = {
    "detected": AlertState.OPEN,
    "confirmed": AlertState.OPEN,
    "dismissed": AlertState.DISMISSED,
    "resolved": AlertState.RESOLVED,
}
_LEVELS: Final[Mapping[str, AlertLevel]] = {
    "info": AlertLevel.LOW,
    "low": AlertLevel.LOW,
    "medium": AlertLevel.MEDIUM,
    "high": AlertLevel.HIGH,
    "critical": AlertLevel.CRITICAL,
}
_PLACE: Final = "/-/security/vulnerabilities/"


class _Identifier(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    name: str = ""
    external_type: str = ""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    url: str
    title: str = ""
    state: str
    project_id: int
    severity: str = ""
    report_type: str = ""
    identifiers: tuple[_Identifier, ...] = ()
    updated_at: AwareDatetime | None = None


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    told: _Told = Field(alias="object_attributes")


def read_alert(payload: Mapping[str, Any], seen_at: datetime) -> Alert | Incomplete:
    """The warning that a hook tells of. Raises ValidationError for a body that lacks what every warning has.

    The hook names neither its number nor the project, but both stand in the address.
    """
    told = _Body.model_validate(payload).told
    path, _, number = urlsplit(told.url).path.partition(_PLACE)
    state = _STATES.get(told.state)
    if not number.isdecimal() or state is None:
        return Incomplete(KIND, ("object_attributes.state" if state is None else "object_attributes.url",))
    kind = _KINDS.get(told.report_type, AlertKind.CODE)
    cve = next((one.name for one in told.identifiers if one.external_type == "cve"), "")
    return Alert(
        source=Source.GITLAB,
        repository=path.strip("/"),
        repository_id=str(told.project_id),
        kind=kind,
        number=int(number),
        title=", ".join(part for part in (told.title, cve) if part),
        level=_LEVELS.get(told.severity, AlertLevel.HIGH if kind is AlertKind.SECRET else AlertLevel.MEDIUM),
        state=state,
        at=min(told.updated_at or seen_at, seen_at),
        url=told.url,
    )
