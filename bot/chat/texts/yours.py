"""What somebody reads who got something to do, where nobody talks about the case in a channel; or an answer."""

from bot.chat.texts import incident_events
from bot.chat.texts.told import Telling
from config.policy.ids import Visibility
from workflows.events import Recorded
from workflows.incident.events import CorrectiveOpened, TaskOpened
from workflows.incident.evidence_events import DisposalEnded
from workflows.incident.task_events import CorrectiveGiven, TaskGiven

GIVING = (TaskOpened, CorrectiveOpened, TaskGiven, CorrectiveGiven)
"""By these entries somebody has something to do."""


def told(x: Telling, item: Recorded) -> str:
    """A direct message. Of a confidential case the content stays behind the button."""
    if x.case.visibility is Visibility.TEAM:
        return f"{x.case.number}: {incident_events.sentence(x, item)}"
    if isinstance(item.event, DisposalEnded):
        text = x.t.gettext("There is an answer to a request of yours in {number}.")
        return text.format(number=x.case.number)
    text = x.t.gettext("You have a task in {number}.")
    if isinstance(item.event, CorrectiveOpened | CorrectiveGiven):
        text = x.t.gettext("You have a corrective action in {number}.")
    return text.format(number=x.case.number)
