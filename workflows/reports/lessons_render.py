"""The lessons report as Markdown, CSV and JSON."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from config.i18n import Translator
from config.policy.ids import Visibility
from workflows.reports.changes_told import changes_told
from workflows.reports.lessons import ActionRow, LessonRow, LessonsReport, Spread
from workflows.reports.lessons_words import ACTIONS, FIGURES, KINDS, LEFT_OUT, STATES, VISIBLE, WAYS
from workflows.reports.markdown import inline as _md
from workflows.reports.markdown import visible as _visible

Titles = Mapping[str, str]
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 full width counts too
"""A spreadsheet would read a cell that begins so as a formula."""


def as_json(report: LessonsReport) -> str:
    """For machines: ids instead of words, times in UTC, lengths in seconds."""
    return json.dumps(_data(report), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def as_csv(report: LessonsReport, texts: Translator, titles: Titles) -> str:
    """One line per incident; no cell can be a formula. `titles` are the words for category ids."""
    _ = texts.gettext
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    head = (_("Number"), _("Title"), _("Kind"), _("State"), _("Severity"), _("Category"), _("Reported"), _("Cause"),
            _("Root-cause tag"), _("What worked"), _("What did not"), _("Actions"), _("Times by phase"),
            _("Came in"), _("Tedious about the process"), _("Visible to"))  # fmt: skip
    writer.writerow(head)
    for row in report.rows:
        writer.writerow([_cell(value) for value in _columns(report, row, texts, titles)])
    return out.getvalue()


def as_markdown(report: LessonsReport, texts: Translator, titles: Titles) -> str:
    """For people. `titles` are the words for category ids."""
    _ = texts.gettext
    period = report.period
    first, last = texts.date(period.first), texts.date(period.last)
    lines = [
        "# " + _("Lessons learned, {first} to {last}").format(first=first, last=last),
        "",
        texts.ngettext("{count} incident.", "{count} incidents.", len(report.rows)).format(count=len(report.rows))
        + " "
        + _("Nobody is named; more reports are not worse."),
    ]
    lines += [*_left_out(report, texts), *_confidential(report, texts)]
    lines += ["", "## " + _("Times"), "", *_figures(report, texts)]
    lines += ["", "## " + _("Recurring causes"), "", *_recurring(report, texts)]
    lines += ["", "## " + _("Trend by category"), "", *_categories(report, texts, titles)]
    lines += ["", "## " + _("Corrective actions"), "", _actions(report, texts)]
    lines += ["", "## " + _("Changes past the gates"), "", *changes_told(report.changes, texts)]
    for row in report.rows:
        lines += ["", *_incident(report, row, texts, titles)]
    if report.heard:
        lines += ["", "## " + _("Tedious about the process, in cases that are not counted"), ""]
        lines += [f"- {one.number}: {_md(text)}" for one in report.heard for text in one.feedback]
    return "\n".join(lines) + "\n"


def _incident(report: LessonsReport, row: LessonRow, texts: Translator, titles: Titles) -> list[str]:
    _ = texts.gettext
    category = _md(titles.get(row.category, row.category))
    seen = "" if row.visibility is Visibility.TEAM else texts.gettext(VISIBLE[row.visibility])
    facts = (texts.gettext(KINDS[row.kind]), row.severity, category, texts.gettext(STATES[row.state]), seen)
    lines = [f"## {row.number} {_md(row.title)}", "", " · ".join(part for part in facts if part), ""]
    parts = (
        (_("Cause"), row.cause), (_("Root-cause tag"), row.tag), (_("What worked"), row.worked),
        (_("What did not"), row.did_not),
    )  # fmt: skip
    told = [(label, _md(text) or "–") for label, text in parts]
    told.append((_("Times by phase"), _phases(row, texts)))
    if came_in := _came_in(row, texts):
        told.append((_("Came in"), came_in))
    if row.age is not None:
        told.append((_("Open for"), texts.duration(row.age)))
    told += [(_("Tedious about the process"), _md(text)) for text in row.feedback]
    told += [(_("Action"), _action(report, action, texts, _md)) for action in row.actions]
    return lines + [f"- **{label}:** {text}" for label, text in told]


def _action(report: LessonsReport, action: ActionRow, texts: Translator, shown: Callable[[str], str]) -> str:
    _ = texts.gettext
    due = _("due {date}").format(date=texts.date(action.due, report.period.zone))
    marks = [texts.gettext(ACTIONS[action.state]), due, _("overdue") if action.overdue else "", shown(action.finding)]
    if action.reopened:
        marks.append(
            texts.ngettext("reopened once", "reopened {count} times", action.reopened).format(count=action.reopened)
        )
    return f"{shown(action.text)} ({'; '.join(mark for mark in marks if mark)})"


def _came_in(row: LessonRow, texts: Translator) -> str:
    """How a report came in, where it was told to somebody who recorded it; nobody is named."""
    way = texts.gettext(WAYS[row.way]) if row.way else ""
    behalf = texts.gettext("recorded by somebody else") if row.on_behalf else ""
    return ", ".join(part for part in (way, behalf) if part)


def _phases(row: LessonRow, texts: Translator) -> str:
    spent = (f"{texts.gettext(STATES[phase])} {texts.duration(length)}" for phase, length in row.phases.items())
    return ", ".join(spent) or "–"


def _figures(report: LessonsReport, texts: Translator) -> list[str]:
    _ = texts.gettext
    head = " | ".join((_("Figure"), "n", _("Median"), "P90", _("Mean")))
    lines = [f"| {head} |", "| --- | --: | --: | --: | --: |"]
    for name, spread in report.figures.items():
        cells = _spread(spread, texts)
        lines.append(f"| {texts.gettext(FIGURES[name])} | {cells} |")
    return lines


def _spread(spread: Spread | None, texts: Translator) -> str:
    if spread is None:
        return "0 | – | – | –"
    lengths = (spread.median, spread.p90, spread.mean)
    return f"{spread.count} | " + " | ".join(texts.duration(length) for length in lengths)


def _recurring(report: LessonsReport, texts: Translator) -> list[str]:
    if not report.recurrences:
        return [texts.gettext("None.")]
    return [f"- {_md(one.tag)}: {', '.join(one.numbers)}" for one in report.recurrences]


def _categories(report: LessonsReport, texts: Translator, titles: Titles) -> list[str]:
    _ = texts.gettext
    head = " | ".join((_("Category"), _("this period"), _("period before")))
    counts = ((titles.get(name, name), now, before) for name, (now, before) in report.categories.items())
    rows = [f"| {_md(name) or '–'} | {now} | {before} |" for name, now, before in counts]
    return [f"| {head} |", "| --- | --: | --: |", *rows]


def _actions(report: LessonsReport, texts: Translator) -> str:
    text = texts.gettext(
        "{open} open, of these {overdue} overdue; {done} done, effect not checked yet;"
        " {effective} effective, {not_effective} not effective."
    )
    return text.format(
        open=report.actions_open, overdue=report.actions_overdue, done=report.actions_done,
        effective=report.actions_effective, not_effective=report.actions_not_effective,
    )  # fmt: skip


def _left_out(report: LessonsReport, texts: Translator) -> list[str]:
    if not report.left_out:
        return []
    _ = texts.gettext
    listed = ", ".join(f"{count} {texts.gettext(LEFT_OUT.get(name, name))}" for name, count in report.left_out.items())
    return [_("Not counted: {listed}.").format(listed=listed)]


def _confidential(report: LessonsReport, texts: Translator) -> list[str]:
    """Before it is passed on: not everybody may see all of it."""
    listed = [(row.number, row.visibility) for row in report.rows]
    listed += [(one.number, one.visibility) for one in report.heard]
    numbers = [number for number, visibility in listed if visibility is not Visibility.TEAM]
    told = texts.gettext("Not for everybody: {numbers}. Take them out before you pass this on.")
    return ["", told.format(numbers=", ".join(numbers))] if numbers else []


def _columns(report: LessonsReport, row: LessonRow, texts: Translator, titles: Titles) -> tuple[str, ...]:
    _ = texts.gettext
    actions = "\n".join(_action(report, action, texts, str) for action in row.actions)
    return (
        row.number, row.title, texts.gettext(KINDS[row.kind]), texts.gettext(STATES[row.state]), row.severity,
        titles.get(row.category, row.category),
        texts.datetime(row.reported, report.period.zone), row.cause, row.tag, row.worked, row.did_not, actions,
        _phases(row, texts), _came_in(row, texts), "\n".join(row.feedback),
        texts.gettext(VISIBLE[row.visibility]),
    )  # fmt: skip


def _cell(value: str) -> str:
    value = _visible(value)
    return f"'{value}" if value.lstrip(" ").startswith(FORMULA) else value


def _data(report: LessonsReport) -> dict[str, Any]:
    return {
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "generated": report.generated.isoformat(),
        "incidents": [_row_data(row) for row in report.rows],
        "recurrences": [{"tag": one.tag, "numbers": list(one.numbers)} for one in report.recurrences],
        "categories": {name: {"now": now, "before": before} for name, (now, before) in report.categories.items()},
        "figures": {name: _spread_data(spread) for name, spread in report.figures.items()},
        "left_out": dict(report.left_out),
        "actions": {
            "open": report.actions_open, "overdue": report.actions_overdue, "done": report.actions_done,
            "effective": report.actions_effective, "not_effective": report.actions_not_effective,
        },
        "changes": asdict(report.changes),
        "feedback_not_counted": [asdict(one) for one in report.heard],
    }  # fmt: skip


def _row_data(row: LessonRow) -> dict[str, Any]:
    return {
        "number": row.number, "title": row.title, "kind": row.kind.value, "state": row.state.value,
        "severity": row.severity, "category": row.category, "reported": row.reported.isoformat(), "cause": row.cause,
        "root_cause_tag": row.tag, "worked": row.worked, "did_not": row.did_not,
        "phases": {phase.value: _seconds(length) for phase, length in row.phases.items()},
        "age": _seconds(row.age), "came_in": row.way.value if row.way else "", "on_behalf": row.on_behalf,
        "feedback": list(row.feedback), "visibility": row.visibility.value,
        "actions": [
            {"text": one.text, "state": one.state.value, "due": one.due.isoformat(), "overdue": one.overdue,
             "finding": one.finding, "reopened": one.reopened}
            for one in row.actions
        ],
    }  # fmt: skip


def _spread_data(spread: Spread | None) -> Mapping[str, float | int | None]:
    if spread is None:
        return {"n": 0, "mean": None, "median": None, "p90": None}
    lengths = {"mean": spread.mean, "median": spread.median, "p90": spread.p90}
    return {"n": spread.count, **{name: _seconds(length) for name, length in lengths.items()}}


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds(), 3)
