"""`export`: the lessons of this year, or of a period."""

from collections.abc import Callable

from bot.chat.parser import Intent
from bot.chat.reply import Reply, say
from bot.chat.room import Room
from bot.chat.texts import common
from bot.periods import Misread, read_period, what_is_wrong
from workflows.actors import Actor
from workflows.reports.lessons import Period

Lessons = Callable[[Actor, str, Period], str]
"""The lessons-learned report of a period for somebody, in a language, as text."""


def export(room: Room, intent: Intent, lessons: Lessons | None) -> Reply:
    """The report, or what has to be typed for it."""
    if lessons is None:
        return say(common.export_elsewhere(room.t))
    if intent.case:
        return say(common.export_of_one(room.t, intent.case), common.export_example(room.t))
    period = read_period(intent.rest, room.now, room.policy.zone)
    if isinstance(period, Misread):
        return say(what_is_wrong(room.t, period), common.export_example(room.t))
    return say(*lessons(room.actor, room.speaker.language, period).split("\n\n"))
