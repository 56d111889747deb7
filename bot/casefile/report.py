"""The report of one incident as Markdown, for people: open cases too, marked as such (A.5.26, A.5.27, A.5.28)."""

from bot.casefile import course, evidence, head, work
from bot.casefile.legible import erasures, legible
from bot.casefile.proof import proof
from bot.casefile.reading import CaseFile
from bot.casefile.telling import dated
from config.i18n import Translator

SECTIONS = (
    head.title, head.facts, head.people, head.times, head.what, course.phases, course.answers, course.timeline,
    evidence.evidence, work.actions, work.tasks, work.duties, work.overrides, work.links, work.corrective_actions,
    work.lessons,
)  # fmt: skip


def case_report(file: CaseFile, t: Translator) -> str:
    """The whole report. What people typed can change nothing but the words in it."""
    shown = legible(file, t.gettext("[erased]"))
    x = dated(shown, t)
    lines = [line for section in SECTIONS for line in section(shown, x)]
    lines += proof(shown, x, erasures(file))
    return "\n".join(lines).strip("\n") + "\n"
