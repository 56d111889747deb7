"""Who reported a case, how, and who recorded it; told apart where that is not one person (A.6.8)."""

from bot.chat.texts import common, terms
from bot.chat.texts.told import Telling
from workflows.events import plain
from workflows.incident.state import IncidentCase


def told_by(x: Telling) -> str:
    """`Erika Muster, by phone; recorded by Max Dietz`; a name alone for who reported it themselves."""
    case = x.case
    who = _who(x, case)
    way = terms.name(x.t, case.way) if case.way else ""
    told = ", ".join(part for part in (who, way) if part) or "—"
    if not case.is_on_behalf or case.recorded_by is None:
        return told
    recorder = x.t.gettext("recorded by {who}").format(who=x.who(case.recorded_by))
    return f"{told}; {recorder}"


def _who(x: Telling, case: IncidentCase) -> str:
    if case.reporter_name is not None:
        return common.one_line(plain(case.reporter_name), 60) or "—"
    return x.who(case.reporter) if case.reporter else ""


def on_behalf(x: Telling) -> str:
    """Said where a report was recorded for somebody else; empty where it was not."""
    if not x.case.is_on_behalf and x.case.way is None:
        return ""
    return common.stop(x.t.gettext("Reported by: {who}.").format(who=told_by(x)))
