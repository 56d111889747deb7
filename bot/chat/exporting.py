"""`export`: a case as files to whoever asks, or the lessons of this year or of a period."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.chat.parser import Intent
from bot.chat.reply import Reply, say
from bot.chat.room import Room
from bot.chat.texts import common, exports
from bot.periods import Misread, read_period, what_is_wrong
from config.policy.ids import Visibility
from workflows.actors import Actor
from workflows.exported import ExportForm
from workflows.incident.export_commands import ExportCase
from workflows.incident.state import IncidentCase
from workflows.reports.lessons import Period

SCOPE: Final = "files:write"
"""What the Slack app needs to send files."""
Lessons = Callable[[Actor, str, Period], str]
"""The lessons-learned report of a period for somebody, in a language, as text."""
MaySend = Callable[[], bool]
"""Whether files can be sent to whoever asks, as far as is known."""


@dataclass(frozen=True, slots=True)
class OfCase:
    """A case that somebody wants as files, and what for (empty: not said)."""

    number: str
    purpose: str


def wanted(room: Room, intent: Intent, here: str) -> OfCase | None:
    """The case that is meant: named, or the one whose channel this is; None: the lessons of a period.

    Also in the channel of a case a period asks for its lessons; what begins with a digit is meant as one.
    """
    if intent.case:
        return OfCase(intent.case, intent.rest.strip())
    rest = intent.rest.strip()
    if not here or (rest and not isinstance(read_period(rest, room.now, room.policy.zone), Misread)):
        return None
    return None if rest[:1].isdigit() else OfCase(here, rest)


def withheld(room: Room, case: IncidentCase, may_send: MaySend | None) -> Reply | None:
    """Why no file comes this way, and where it comes from instead; None where it does come."""
    t, elsewhere = room.t, exports.at_the_terminal(room.t, case.number)
    if may_send is None:
        return say(elsewhere)
    if case.visibility is Visibility.SEALED:
        return say(exports.too_confidential(t, case.number), elsewhere)
    if not may_send():
        return say(exports.no_scope(t, SCOPE, exports.admins(t, room.policy)), elsewhere)
    return None


def command(case: IncidentCase, meant: OfCase) -> ExportCase:
    """Puts it on record; the files follow from that."""
    return ExportCase(case=case.number, form=ExportForm.BOTH, purpose=meant.purpose)


def lessons_of(room: Room, intent: Intent, lessons: Lessons | None) -> Reply:
    """The lessons, or what has to be typed for them."""
    if lessons is None:
        return say(common.export_elsewhere(room.t))
    period = read_period(intent.rest, room.now, room.policy.zone)
    if isinstance(period, Misread):
        return say(what_is_wrong(room.t, period), common.export_example(room.t))
    return say(*lessons(room.actor, room.speaker.language, period).split("\n\n"))
