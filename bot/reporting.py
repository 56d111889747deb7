"""Reports for whoever asks: in the terminal as in Slack."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from config.i18n import Translator
from config.policy.models import Policy
from workflows.actors import Actor
from workflows.change.state import ChangeCase
from workflows.incident.state import IncidentCase
from workflows.queries import Queries
from workflows.reports.anonymous import Anonymiser, names_of
from workflows.reports.lessons import LessonsReport, Period, lessons
from workflows.reports.lessons_render import as_csv, as_json, as_markdown
from workflows.store.rows import CaseFilter

FORMS: Final[Mapping[str, Callable[[LessonsReport, Translator, Mapping[str, str]], str]]] = {
    "md": as_markdown,
    "csv": as_csv,
    "json": lambda report, _texts, _titles: as_json(report),
}


def lessons_text(
    queries: Queries, viewer: Actor, policy: Policy, period: Period, now: datetime, form: str, texts: Translator
) -> str:
    """The lessons that this viewer may see, in one of `FORMS`."""
    found = queries.every(viewer, CaseFilter(workflow="incident"))
    cases = [case for case in found if isinstance(case, IncidentCase)]
    changes = [case for case in queries.every(viewer, CaseFilter(workflow="change")) if isinstance(case, ChangeCase)]
    clean = Anonymiser(names_of(policy, cases), texts.gettext("[person]"))
    german = texts.language == "de"
    titles = {one.id: one.title_de if german else one.title_en for one in policy.categories}
    return FORMS[form](lessons(cases, period, now, clean, changes), texts, titles)
