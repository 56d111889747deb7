"""Questions about drills and about cases that are entered after the fact."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from bot.chat.forms import reporting
from bot.chat.forms.questions import Questions
from bot.chat.forms.reading import YES
from bot.chat.reply import Field, FieldKind, Form, Option
from config.policy.ids import Visibility
from workflows.incident.backfilling import SUBJECTS
from workflows.incident.terms import PersonalData, State

DRILL: Final = "drill"
PAGE: Final = "page"
BACKFILL: Final = "backfill"
MARKS: Final = (DRILL, PAGE, BACKFILL)
"""What can be special about a report."""


def special(q: Questions) -> Field:
    """Whether a report is a drill (A.5.24), and calls who is on duty all the same; or is entered after the fact."""
    labels = (
        q.t.gettext("a drill"),
        q.t.gettext("call who is on duty to this drill"),
        q.t.gettext("it is over: enter it afterwards, with its real times"),
    )
    options = [Option(mark, label) for mark, label in zip(MARKS, labels, strict=True)]
    return q.ask("special", FieldKind.CHOICES, options=options)


def afterwards(form_id: str, values: Mapping[str, str]) -> Mapping[str, str] | None:
    """The answers so far, where a submitted report is one that is entered after the fact: that asks more. Else None."""
    marks = values.get("special", "").replace(",", " ").split()
    if form_id != "incident.report" or BACKFILL not in marks:
        return None
    return {**values, "was_drill": YES} if DRILL in marks else values


def backfill(q: Questions) -> Form:
    """A case that is over, or under way without having been reported here; with its real times."""
    asked = (
        q.text("what", required=True),
        q.moment("reported", required=True),
        q.moment("detected"),
        replace(q.moment("occurred"), hint=""),
        q.line("affected"),
        q.choice("personal_data", PersonalData),
        q.choice("visibility", Visibility),
        q.people("named"),
        *reporting.asked(q),
        q.yes_no("was_drill"),
    )
    return q.form("incident.backfill", asked)


def moved_at(q: Questions, moves: Iterable[State]) -> tuple[Field, ...]:
    """When each of these moves really was."""
    return tuple(q.moment(SUBJECTS[to]) for to in moves)
