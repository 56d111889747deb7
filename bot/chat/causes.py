"""Root causes that came up before: offered where one is named, and told when it is the same again (A.5.27, 10.2)."""

from collections.abc import Sequence
from typing import Final

from bot.chat.reply import Button, Paragraph
from bot.chat.room import Room
from bot.chat.texts import causes
from config.policy.ids import Criterion
from workflows.events import Recorded
from workflows.incident.events import Answered
from workflows.incident.recurrence import tag_of
from workflows.incident.state import IncidentCase

OFFERED: Final = 10
NAMED: Final = 5


def offered(room: Room, case: IncidentCase) -> tuple[str, ...]:
    """Tags of other cases that the reader may see, the newest first, each in one spelling."""
    found: dict[str, str] = {}
    for other in _tagged(room, case):
        found.setdefault(tag_of(other), str(other.root_cause_tag))
    return tuple(found.values())[:OFFERED]


def again(room: Room, case: IncidentCase, recorded: Sequence[Recorded]) -> tuple[Paragraph, ...]:
    """The earlier cases with the cause that was just named, as far as the reader may see them."""
    named = any(isinstance(one.event, Answered) and one.event.criterion is Criterion.ROOT_CAUSE for one in recorded)
    tag = tag_of(case) if named else ""
    if not tag:
        return ()
    same = [one for one in _tagged(room, case) if tag_of(one) == tag and one.opened_at < case.opened_at]
    if not same:
        return ()
    buttons = tuple(Button("incident.status", one.number, one.number) for one in same[:NAMED])
    return (Paragraph(causes.again(room.telling(case), same[:NAMED], len(same)), buttons),)


def _tagged(room: Room, case: IncidentCase) -> list[IncidentCase]:
    known = (one for one in room.queries.with_cause(room.actor) if isinstance(one, IncidentCase))
    return [one for one in known if one.id != case.id and tag_of(one)]
