"""Which year a short number means: this one's case, else an open one of last year. In January most are of last year."""

from bot.chat.parser import Years, full_number
from bot.chat.room import Room
from workflows.workflow import ENDED


def years(room: Room) -> Years:
    """For the parser: what the asker may not see is as if it were not there."""
    this = room.now.astimezone(room.policy.zone).year

    def year_of(series: str, number: int) -> int:
        if room.queries.case(full_number(series, this, number), room.actor) is not None:
            return this
        last = room.queries.case(full_number(series, this - 1, number), room.actor)
        return this - 1 if last is not None and last.state not in ENDED else this

    return year_of
