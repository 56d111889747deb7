"""What people read about tasks and corrective actions that somebody else takes over."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.texts import common
from bot.chat.texts.told import Telling
from workflows.events import Event, Recorded, plain
from workflows.incident import task_events as e


def _task(x: Telling, _item: Recorded, event: e.TaskGiven) -> str:
    text = next((common.one_line(plain(one.text)) for one in x.case.tasks if one.no == event.no), "")
    told = x.t.gettext("{who} takes care of task {no} from now on: {text}.")
    return told.format(who=x.who(event.owner), no=event.no, text=text)


def _corrective(x: Telling, _item: Recorded, event: e.CorrectiveGiven) -> str:
    found = next((one for one in x.case.correctives if one.no == event.no), None)
    text, day = (common.one_line(plain(found.text)), x.day(found.due)) if found else ("", "")
    told = x.t.gettext("{who} takes care of corrective action {no} from now on, until {day}: {text}.")
    return told.format(who=x.who(event.owner), no=event.no, day=day, text=text)


PASSING_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {
    e.TaskGiven: _task,
    e.CorrectiveGiven: _corrective,
}
