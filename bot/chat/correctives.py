"""Corrective actions over all cases: `list actions`, and the buttons under each of them (10.2)."""

from datetime import datetime
from typing import Final

from bot.chat.parser import Intent
from bot.chat.reply import Button, Paragraph, Reply, say
from bot.chat.room import Room
from bot.chat.texts import correctives, next_steps
from bot.chat.verbs import Topic, fold
from config.i18n import Translator
from workflows.incident.commands import CheckCorrective, FinishCorrective
from workflows.incident.items import Corrective
from workflows.incident.owed import checker
from workflows.incident.state import IncidentCase
from workflows.incident.terms import CorrectiveState

LISTED: Final = 20
_WORDS: Final = frozenset({"action", "actions", "corrective", "massnahme", "massnahmen", "korrekturmassnahmen"})


def is_asked(intent: Intent) -> bool:
    """`list actions`, `list corrective actions`, `liste maßnahmen`."""
    words = fold(intent.rest).split()
    return intent.topic is Topic.INCIDENT and bool(words) and set(words) <= _WORDS


def listing(room: Room) -> Reply:
    """What is open or not checked yet, of cases that are over too; what is due first stands first."""
    cases = [case for case in room.queries.owing(room.actor) if isinstance(case, IncidentCase)]
    found = [(case, one) for case in cases for one in case.correctives if one.is_unsettled]
    if not found:
        return say(correctives.none(room.t))
    found.sort(key=lambda pair: (_until(pair[1]), pair[0].number, pair[1].no))
    late = sum(_until(one) < room.now for _, one in found)
    rows = [Paragraph(correctives.row(room.telling(case), one), _own(room, case, one)) for case, one in found[:LISTED]]
    more = [Paragraph(correctives.more(room.t, len(found) - LISTED))] if len(found) > LISTED else []
    return Reply((Paragraph(correctives.head(room.t, len(found), late)), *rows, *more))


def _until(action: Corrective) -> datetime:
    return action.check_due if action.state is CorrectiveState.DONE and action.check_due else action.due


def _own(room: Room, case: IncidentCase, action: Corrective) -> tuple[Button, ...]:
    """What the reader can do about it now."""
    own = room.is_me(case, action.owner)
    if action.state is CorrectiveState.OPEN:
        able = own or room.may(FinishCorrective, case)
    else:
        able = not own and room.may(CheckCorrective, case) and _until(action) <= room.now
    every = buttons(room.t, case, action)
    return every if able else every[-1:]


def waits_for(room: Room, case: IncidentCase, action: Corrective) -> bool:
    """Whether the reader is the one who is asked whether it helped, and it can be said now."""
    own = room.actor.person
    due = action.state is CorrectiveState.DONE and _until(action) <= room.now
    return due and own is not None and checker(room.policy, case, action) == own.id


def buttons(t: Translator, case: IncidentCase, action: Corrective) -> tuple[Button, ...]:
    """For who has to do it, or to say whether it helped; the case itself comes last."""
    show = Button("incident.status", next_steps.label(t, "incident.status"), case.number)
    named = f"{case.number} {{}} {action.no}"
    if action.state is CorrectiveState.OPEN:
        return (Button("incident.action", next_steps.done(t), named.format("done"), primary=True), show)
    return (
        Button("incident.action", correctives.effective(t), f"{named.format('check')} effective", primary=True),
        Button("incident.action", correctives.not_effective(t), f"{named.format('check')} not effective"),
        show,
    )
