"""Who reported it, when that is not whoever records it (A.6.8): the questions, and what was answered."""

from typing import TypedDict

from bot.chat.forms.questions import Questions
from bot.chat.forms.reading import Reading
from bot.chat.reply import Field
from bot.chat.texts import fields
from workflows.actors import Person
from workflows.incident.terms import ReportWay


class ToldBy(TypedDict):
    """Part of the command that opens a case."""

    reporter: Person | None
    reporter_name: str
    way: ReportWay | None


def asked(q: Questions) -> tuple[Field, ...]:
    """Somebody with an account, or a name; and how it came."""
    return (q.person("reported_by"), q.line("reporter_name"), q.choice("way", ReportWay))


def told_by(a: Reading) -> ToldBy:
    """One of both, not two."""
    reporter, typed = a.person_or_name("reported_by")
    name = a.text("reporter_name")
    if name and (reporter or typed):
        a.fail("reporter_name", fields.one_reporter(a.t))
    return {"reporter": reporter, "reporter_name": typed or name, "way": a.choice("way", ReportWay)}
