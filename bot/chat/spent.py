"""A button that many have before them, and one has pressed: what stands in its place from then on."""

from typing import Final

from bot.chat.room import Room
from bot.chat.texts import agreement, paging
from bot.chat.texts.told import Telling
from bot.chat.verbs import Verb
from config.i18n import Translator
from workflows.incident.state import IncidentCase

ANSWERS: Final = (Verb.ACK, Verb.CANT, Verb.AGREEMENT)
"""The first two answer who looks after a report; once somebody does, neither can. The last one agrees as service owner,
once."""


def instead(t: Translator, room: Room, verb: str, number: str) -> str:
    """What holds of the case, in the language of those who read along; empty while the button can still do it."""
    if verb not in ANSWERS or not number:
        return ""
    case = room.queries.case(number, room.actor)
    if not isinstance(case, IncidentCase):
        return ""
    telling = Telling(t, case, room.policy, room.now)
    if verb == Verb.AGREEMENT:
        return agreement.settled(telling)
    return paging.looked_after(telling, case.acknowledged_by, case.acknowledged) if case.acknowledged else ""
