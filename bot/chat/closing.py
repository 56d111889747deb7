"""What whoever closes a case is shown first: all that was left out, that stays open, and that was decided."""

from collections.abc import Sequence
from typing import Final

from bot.chat.room import Room
from bot.chat.texts import closing, home
from workflows.incident import asking
from workflows.incident.criteria.registry import Standing
from workflows.incident.items import Duty
from workflows.incident.state import IncidentCase
from workflows.incident.terms import OverrideState

_TOGETHER = 6
"""So many lines make one paragraph: it stays below what Slack shows of one."""

MOST: Final = 30
"""So many of a kind are shown: Slack takes no window of more than 250 kB."""


def page(room: Room, case: IncidentCase) -> tuple[str, ...]:
    """The paragraphs; none where there is nothing to see."""
    x = room.telling(case)
    unmet = asking.let_off(case, room.actor, room.context(case))
    exempted = [case.exemptions[one.criterion] for one in unmet if one.standing is Standing.EXEMPTED]
    relaxed = [one.criterion for one in unmet if one.standing is Standing.RELAXED]
    granted = [one for one in case.overrides if one.state is OverrideState.GRANTED]
    duties = [closing.duty(x, one, by_closing=_confirms(room, case, one)) for one in case.duties]
    ending = [one for one in case.open_tasks if not one.is_promise]
    promised = [closing.task(x, one) for one in case.open_tasks if one.is_promise]
    outliving = [*promised, *(closing.corrective(x, one) for one in case.unsettled_correctives)]
    groups = (
        (closing.exempted_head(x.t), [closing.exempted(x, one) for one in exempted]),
        (closing.relaxed_head(x.t), [closing.relaxed(x, one) for one in relaxed]),
        (closing.overrides_head(x.t), [closing.override(x, one) for one in granted]),
        (closing.tasks_head(x.t), [closing.task(x, one) for one in ending]),
        (closing.correctives_head(x.t), outliving),
        (closing.duties_head(x.t), duties),
    )
    return tuple(piece for head, lines in groups if lines for piece in _pieces(head, _within(room, lines)))


def _within(room: Room, lines: Sequence[str]) -> Sequence[str]:
    """As many as fit a window of Slack with all other groups; the rest is counted."""
    left = len(lines) - MOST
    return lines if left <= 0 else [*lines[:MOST], home.more_there(room.t, left)]


def _confirms(room: Room, case: IncidentCase, duty: Duty) -> bool:
    """Whether closing makes the reader the second person of a decision on a duty."""
    return room.actor.person is not None and not room.is_me(case, duty.decided_by)


def _pieces(head: str, lines: Sequence[str]) -> list[str]:
    cut = [lines[start : start + _TOGETHER] for start in range(0, len(lines), _TOGETHER)]
    return ["\n".join([*([head] if not at else []), *(f"• {line}" for line in piece)]) for at, piece in enumerate(cut)]
