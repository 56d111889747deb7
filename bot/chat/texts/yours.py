"""What somebody reads who got something to do, where nobody talks about the case in a channel."""

from bot.chat.texts import incident_events
from bot.chat.texts.told import Telling
from config.policy.ids import Visibility
from workflows.events import Recorded
from workflows.incident.events import CorrectiveOpened, TaskOpened
from workflows.incident.task_events import CorrectiveGiven, TaskGiven

GIVING = (TaskOpened, CorrectiveOpened, TaskGiven, CorrectiveGiven)
"""By these entries somebody has something to do."""


def told(x: Telling, item: Recorded) -> str:
    """A direct message. Of a confidential case the content stays behind the button."""
    if x.case.visibility is Visibility.TEAM:
        return f"{x.case.number}: {incident_events.sentence(x, item)}"
    text = x.t.gettext("You have a task in {number}.")
    if isinstance(item.event, CorrectiveOpened | CorrectiveGiven):
        text = x.t.gettext("You have a corrective action in {number}.")
    return text.format(number=x.case.number)
