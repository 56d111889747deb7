"""Everything that can have happened to an incident: its entries are of these kinds, or refusals."""

from typing import Final

from workflows.events import Event
from workflows.exported import CaseExported
from workflows.incident.drill_events import DRILL_EVENTS
from workflows.incident.events import LIFE_EVENTS
from workflows.incident.evidence_events import EVIDENCE_EVENTS
from workflows.incident.feedback_events import FEEDBACK_EVENTS
from workflows.incident.handover_events import HANDOVER_EVENTS
from workflows.incident.merging_events import MERGING_EVENTS
from workflows.incident.owner_events import OWNER_EVENTS
from workflows.incident.paging_events import PAGING_EVENTS
from workflows.incident.second_events import SECOND_EVENTS
from workflows.incident.task_events import TASK_EVENTS

EVENTS: Final[tuple[type[Event], ...]] = (
    *LIFE_EVENTS,
    *EVIDENCE_EVENTS,
    *PAGING_EVENTS,
    *MERGING_EVENTS,
    *DRILL_EVENTS,
    *HANDOVER_EVENTS,
    *OWNER_EVENTS,
    *SECOND_EVENTS,
    *TASK_EVENTS,
    CaseExported,
    *FEEDBACK_EVENTS,
)
