"""The figures of changes in words."""

from config.i18n import Translator
from workflows.reports.change_figures import FINDINGS, ChangeFigures


def changes_told(figures: ChangeFigures, texts: Translator) -> list[str]:
    """One line per figure."""
    _ = texts.gettext
    found = figures.findings or {}
    lines = [
        _("Changes: {changes}. Emergencies: {emergencies}. Waivers granted: {waivers}.").format(
            changes=figures.changes, emergencies=figures.emergencies, waivers=figures.waivers
        ),
        _("Retrospective reviews held: {held}, not justified: {not_justified}. Open: {open}, late: {late}.").format(
            held=figures.reviews_held,
            not_justified=figures.not_justified,
            open=figures.reviews_open,
            late=figures.reviews_late,
        ),
        _("Skipped requirements still due: {count}.").format(count=figures.owed_open),
    ]
    label = _("Finding")
    lines += [f"{label}: {texts.gettext(FINDINGS[one])}: {count}" for one, count in found.items()]
    return [f"- {line}" for line in lines]
