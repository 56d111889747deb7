"""What an assessment changes. A form sends along what it knew; that is no news, and no entry."""

from collections.abc import Mapping

from workflows.incident.state import IncidentCase
from workflows.incident.terms import Goal

Fields = dict[str, object]
_WITH: Mapping[str, frozenset[str]] = {
    "outcome": frozenset({"reason"}),
    "category": frozenset({"watched"}),
    "severity": frozenset({"severity_reason"}),
    "duplicate_id": frozenset({"duplicate_of"}),
}
"""Fields that are recorded along with another one: a new kind keeps its reason, even where it is the same words."""


def changed(case: IncidentCase, fields: Fields) -> Fields:
    """The fields of an `Assessed` that are not on record like that."""
    known = _known(case)
    news = {name for name, value in fields.items() if name in known and value != known[name]}
    if "severity" in fields and fields.get("severity_reason") != case.severity_reason:
        news.add("severity")  # Back to the one of the matrix, or another reason for the same one.
    if fields.get("watched") and not case.watched:
        news.add("category")  # The policy watches it by now.
    along = {other for name in news for other in _WITH.get(name, ())}
    return {name: value for name, value in fields.items() if name in news | along}


def _known(case: IncidentCase) -> Fields:
    # Whoever judges once more after a confirmation asks for a new one.
    judged = case.assessment if case.dismissal_confirmed_by is None else None
    return {
        **{goal.value: case.impact.get(goal) for goal in Goal},
        "spread": case.spread,
        "personal_data": case.personal_data,
        "affected": case.affected,
        "category": case.category,
        "severity": case.severity,
        "severity_reason": case.severity_reason,
        "duplicate_of": case.duplicate_of,
        "duplicate_id": case.duplicate_id,
        "outcome": judged.kind if judged else None,
        "reason": judged.reason if judged else None,
    }
