"""Next steps that an emergency, a finding or a review asks for."""

from bot.chat.reply import Button
from bot.chat.room import Room
from bot.chat.texts import next_steps
from workflows.change.emergency_commands import ConfirmEmergency, HoldReview, SettleOwed
from workflows.change.state import ChangeCase


def buttons(room: Room, case: ChangeCase) -> tuple[Button, ...]:
    """For whoever may be the second person of a waiting emergency, and for what is due."""
    t, number = room.t, case.number
    waiting = [one for one in case.emergencies if one.waits(room.now) and not room.is_me(case, one.by)]
    found = []
    if waiting and room.may(ConfirmEmergency, case):
        found.append(Button("change.emergency", next_steps.confirm_emergency(t), f"{number} confirm", primary=True))
    if case.review is not None and room.may(HoldReview, case):
        found.append(Button("change.review", next_steps.label(t, "change.review"), number))
    if case.open_owed and room.may(SettleOwed, case):
        found.append(Button("change.settle", next_steps.label(t, "change.settle"), number))
    return tuple(found)
