"""Reading of the answers about drills and about cases that are entered after the fact."""

from bot.chat.forms import reporting
from bot.chat.forms.life_ask import MARKS
from bot.chat.forms.reading import Reading
from bot.chat.texts import common
from config.policy.ids import Visibility
from workflows.commands import Command
from workflows.incident import commands as c
from workflows.incident.backfilling import SUBJECTS
from workflows.incident.terms import PersonalData


def drill_marks(a: Reading) -> frozenset[str]:
    """What was said of a drill; calling people makes no drill of a report."""
    chosen = frozenset(a.text("special").replace(",", " ").split())
    if chosen - set(MARKS):
        a.fail("special", common.no_such_choice(a.t, MARKS))
    return chosen


def backfill(a: Reading, _case: str) -> Command:
    """Open a case after the fact."""
    return c.Report(
        what=a.text("what", required=True),
        reported=a.when("reported", required=True),
        detected=a.when("detected"),
        occurred=a.when("occurred"),
        affected=a.text("affected"),
        personal_data=a.choice("personal_data", PersonalData),
        visibility=a.choice("visibility", Visibility) or Visibility.TEAM,
        named=a.people("named"),
        **reporting.told_by(a),
        drill=a.flag("was_drill") is True,
        backfill=True,
    )


def real_times(a: Reading) -> tuple[c.MovedAt, ...]:
    """When the moves of such a case really were."""
    given = ((to, a.when(field)) for to, field in SUBJECTS.items())
    return tuple(c.MovedAt(to=to, at=at) for to, at in given if at is not None)
