"""Words of the lessons report."""

from collections.abc import Mapping
from typing import Final

from config.policy.ids import Visibility
from config.texts import _
from workflows.incident.terms import CorrectiveState, Kind, ReportWay, State

KINDS: Final[Mapping[Kind, str]] = {
    Kind.EVENT: _("not assessed yet"),
    Kind.INCIDENT: _("incident"),
    Kind.NEAR_MISS: _("near miss"),
    Kind.DISRUPTION: _("disruption"),
    Kind.FALSE_ALARM: _("false alarm"),
    Kind.DUPLICATE: _("duplicate"),
}
VISIBLE: Final[Mapping[Visibility, str]] = {
    Visibility.TEAM: _("team"),
    Visibility.RESTRICTED: _("restricted"),
    Visibility.SEALED: _("strictly confidential"),
}
WAYS: Final[Mapping[ReportWay, str]] = {
    ReportWay.PHONE: _("by phone"),
    ReportWay.MAIL: _("by mail"),
    ReportWay.IN_PERSON: _("in person"),
    ReportWay.SYSTEM: _("by a system"),
}
STATES: Final[Mapping[State, str]] = {
    State.IDENTIFY: _("Identify"),
    State.CONTAIN: _("Contain"),
    State.ERADICATE: _("Eradicate"),
    State.RECOVER: _("Recover"),
    State.REVIEW: _("Review"),
    State.CLOSED: _("closed"),
    State.DISMISSED: _("not an incident"),
}
ACTIONS: Final[Mapping[CorrectiveState, str]] = {
    CorrectiveState.OPEN: _("open"),
    CorrectiveState.DONE: _("done, effect not checked yet"),
    CorrectiveState.EFFECTIVE: _("effective"),
    CorrectiveState.NOT_EFFECTIVE: _("not effective"),
}
FIGURES: Final[Mapping[str, str]] = {
    "mttd": _("Occurred to detected (MTTD)"),
    "mtta": _("Reported to acknowledged (MTTA)"),
    "mttc": _("Detected to contained (MTTC)"),
    "mttrecover": _("Detected to recovered (MTTRecover)"),
    "mttclose": _("Reported to closed (MTTClose)"),
    "ageing": _("Age of the open ones"),
}
LEFT_OUT: Final[Mapping[str, str]] = {
    "drill": _("drills"),
    "backfill": _("backfilled cases"),
    "false_alarm": _("false alarms"),
    "duplicate": _("duplicates"),
}
