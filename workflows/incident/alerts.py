"""A warning of a forge or of the monitoring, and what it means for the reports that there are. Pure (A.5.25, A.8.8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from config.policy.ids import AlertKind, AlertLevel
from workflows.actors import Source
from workflows.events import Recorded
from workflows.incident.events import Noted
from workflows.incident.evidence_terms import NoteKind
from workflows.incident.state import IncidentCase

TOLD: Final = 20
"""So many lines of senders are told in an hour where people talk about a case; what is more stands on its timeline."""


class AlertState(StrEnum):
    """Where the forge has it. The order is that of a life: of two tellings of one moment the later one holds."""

    OPEN = "open"
    DISMISSED = "dismissed"
    RESOLVED = "resolved"


class Step(StrEnum):
    """What follows from a telling: nothing, a report, a line in one, or a report that names the earlier one."""

    NOTHING = "nothing"
    REPORT = "report"
    JOIN = "join"
    REPORT_AGAIN = "report_again"


@dataclass(frozen=True, slots=True)
class Alert:
    """What is told of one warning. `title` is the sender's; a secret itself is never read.

    Of Alertmanager `repository` is the service, `repository_id` stands for the group, `number` for the labels.

    `by`: the login of who resolved or dismissed it, empty where the forge does not say. `at`: when it last changed.
    """

    source: Source
    repository: str
    repository_id: str
    kind: AlertKind
    number: int
    title: str
    level: AlertLevel
    state: AlertState
    at: datetime
    url: str = ""
    by: str = ""

    @property
    def key(self) -> str:
        """Which warning this is, at whatever time it is told of."""
        return f"{self.stream}:{self.number}"

    @property
    def stream(self) -> str:
        """All warnings of this kind in the repository."""
        return f"{self.source.value}:{self.repository_id}:{self.kind.value}"


class Known(BaseModel):
    """What is kept of a warning: the case that it is in (empty: in none), and where it stood last."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    case: str = ""
    state: AlertState
    at: AwareDatetime
    level: AlertLevel = AlertLevel.LOW

    def is_news(self, alert: Alert) -> bool:
        """Whether the telling is of a later moment. A late one, or one told twice, is not."""
        order = tuple(AlertState)
        return (alert.at, order.index(alert.state)) > (self.at, order.index(self.state))

    def is_worse_now(self, alert: Alert) -> bool:
        """Whether the sender takes it for worse than before: a secret that is known outside by now."""
        order = tuple(AlertLevel)
        return alert.state is AlertState.OPEN and order.index(alert.level) > order.index(self.level)


def follows(alert: Alert, known: Known | None, *, wanted: bool, case_open: bool, stream_open: bool) -> Step:
    """What to do about a telling.

    `wanted`: the policy makes a report of it. `case_open`: the case that it is in is still open. `stream_open`: so is
    the one that the last of its kind opened a short time ago.
    """
    if known is not None and not known.is_news(alert):
        return Step.NOTHING
    if known is not None and known.case and case_open:
        return Step.JOIN if known.state is not alert.state or known.is_worse_now(alert) else Step.NOTHING
    if alert.state is not AlertState.OPEN or not wanted:
        return Step.NOTHING
    if stream_open:
        return Step.JOIN
    return Step.REPORT_AGAIN if known is not None and known.case else Step.REPORT


def told_lately(case: IncidentCase, item: Recorded) -> int:
    """The how many-th line of a sender within an hour an entry is; 0 for what is none."""
    if not isinstance(item.event, Noted) or item.by is not None:
        return 0
    since = item.at - timedelta(hours=1)
    mine = (note for note in case.notes if note.by is None and note.kind is NoteKind.NOTE)
    return sum(since < note.at and note.seq <= item.seq for note in mine)
