"""Work that follows when a corrective action is agreed, done, or open again: whoever owes it is reminded (10.2)."""

from collections.abc import Iterator
from typing import Final

from workflows.events import Recorded
from workflows.incident.events import CorrectiveDone, CorrectiveOpened, CorrectiveReopened
from workflows.incident.owed import Owed
from workflows.incident.promises import stamp
from workflows.incident.state import IncidentCase
from workflows.workflow import Effect

CORRECTIVE: Final = "timer.corrective"
"""A corrective action is owed: `no`, `what` (its place in `Owed`), `due` (a stamp), `life`, which `step`, and
`back_in`, the case in which its cause came back."""
CORRECTIVE_TOLD: Final = "slack.corrective"
"""Remind of a corrective action, or ask whether it helped."""


def correctives_owed(before: IncidentCase, after: IncidentCase, recorded: tuple[Recorded, ...]) -> Iterator[Effect]:
    """What somebody is to be reminded of. It outlives the case, and is real work after a drill too."""
    opened = len(before.correctives)
    for item in recorded:
        event = item.event
        if isinstance(event, CorrectiveOpened):
            opened += 1
        if not isinstance(event, CorrectiveOpened | CorrectiveDone | CorrectiveReopened):
            continue
        no = opened if isinstance(event, CorrectiveOpened) else event.no
        action = next(one for one in after.correctives if one.no == no)
        owed, due = (Owed.EFFECT, event.check_due) if isinstance(event, CorrectiveDone) else (Owed.WORK, action.due)
        payload: dict[str, str | int] = {"case": str(after.id), "no": no, "what": list(Owed).index(owed)}
        payload |= {"due": stamp(due), "life": len(action.reopened)}
        if isinstance(event, CorrectiveReopened) and event.because_id is not None:
            payload["back_in"] = str(event.because_id)
        yield Effect(CORRECTIVE, "", f"{CORRECTIVE}:{after.id}:{item.seq}", payload, timer=True)
