"""The first page of a report: what the case is, who had to do with it, when it was what."""

from bot.casefile.reading import CaseFile
from bot.casefile.telling import Dated, typed
from bot.chat.texts import reporter, terms
from config.policy.ids import CaseRole
from workflows.events import plain
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Goal
from workflows.reports import markdown as md


def title(file: CaseFile, x: Dated) -> list[str]:
    """Number and name, what it is marked as, and as of when this is."""
    case, t = file.case, x.t
    name = typed(case.title) or typed(case.what)
    head = t.gettext("Incident report {number}").format(number=case.number)
    lines = [f"# {md.inline(head)}", "", f"**{md.inline(name[:200]) or '–'}**", ""]
    marks = []
    if case.state.is_open:
        text = t.gettext("Preliminary: the case is open, phase {phase}.")
        marks.append(text.format(phase=terms.name(t, case.state)))
    if case.drill:
        marks.append(t.gettext("DRILL: nothing of this happened."))
    if case.backfill:
        marks.append(t.gettext("Entered after the fact."))
    stand = t.gettext("As of {when} ({zone}). All times in this zone.").format(when=x.when(file.now), zone=x.zone.key)
    return [*lines, *(md.item(mark) for mark in (*marks, stand))]


def facts(file: CaseFile, x: Dated) -> list[str]:
    """Kind, severity, category, impact."""
    case, t = file.case, x.t
    listed = [
        (t.gettext("Number"), case.number),
        (t.gettext("Kind"), terms.name(t, case.kind)),
        (t.gettext("State"), terms.name(t, case.state)),
        (t.gettext("Severity"), terms.name(t, case.severity)),
        (t.gettext("Category"), category(file, x)),
        (t.gettext("Affected"), typed(case.affected)),
        (t.gettext("Personal data"), terms.name(t, case.personal_data)),
        (t.gettext("Impact"), ", ".join(f"{terms.name(t, goal)}: {_impact(x, case, goal)}" for goal in Goal)),
        (t.gettext("Reach"), terms.name(t, case.spread)),
        (t.gettext("Visible to"), terms.name(t, case.visibility)),
        (t.gettext("Retention"), _retention(file, x)),
    ]
    if case.severity_reason is not None:
        listed.insert(4, (t.gettext("Why this severity"), typed(case.severity_reason)))
    if case.assessment is not None and case.assessment.reason is not None:
        listed.insert(2, (t.gettext("Why this kind"), typed(case.assessment.reason)))
    return [*md.heading(2, t.gettext("At a glance")), *(md.fact(*one) for one in listed)]


def _impact(x: Dated, case: IncidentCase, goal: Goal) -> str:
    return terms.name(x.t, case.impact.get(goal))


def category(file: CaseFile, x: Dated) -> str:
    """What the policy calls the category."""
    known = next((one for one in file.policy.categories if one.id == file.case.category), None)
    return known.title(x.t.language) if known else plain(file.case.category)


def _retention(file: CaseFile, x: Dated) -> str:
    known = next((one for one in file.policy.retention_classes if one.id == file.case.retention_class), None)
    return known.title(x.t.language) if known else file.case.retention_class or ""


def people(file: CaseFile, x: Dated) -> list[str]:
    """Who had to do with it, by role."""
    case, t = file.case, x.t
    listed = [(t.gettext("Reported by"), reporter.told_by(x))]
    for role in CaseRole:
        held = ", ".join(x.who(one) for one in case.holders(role))
        listed += [(terms.name(t, role), held)] if held else []
    listed += [
        (t.gettext("Acknowledged by"), x.named(case.acknowledged_by)),
        (t.gettext("Assessed by"), x.named(case.assessment.by if case.assessment else None)),
        (t.gettext("Closed by"), x.named(case.closed_by)),
    ]
    return [*md.heading(2, t.gettext("People")), *(md.fact(*one) for one in listed)]


def times(file: CaseFile, x: Dated) -> list[str]:
    """Each time apart; what nobody recorded is said to be so."""
    case, t = file.case, x.t
    listed = (
        (t.gettext("Occurred"), case.occurred),
        (t.gettext("Detected"), case.detected),
        (t.gettext("Reported"), case.reported),
        (t.gettext("Acknowledged"), case.acknowledged),
        (t.gettext("Contained"), case.contained),
        (t.gettext("Recovered"), case.recovered),
        (t.gettext("Closed"), case.closed),
    )
    return [*md.heading(2, t.gettext("Times")), *(md.fact(label, x.at(when)) for label, when in listed)]


def what(file: CaseFile, x: Dated) -> list[str]:
    """The report itself, as it was typed."""
    return [*md.heading(2, x.t.gettext("What happened")), *md.quote(typed(file.case.what) or "—")]
