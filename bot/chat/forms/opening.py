"""Forms that open a case."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.chat.forms import change_ask, incident_ask, life_ask
from bot.chat.forms.questions import Questions
from bot.chat.reply import Form

OPENS: Final[Mapping[str, Callable[[Questions], Form]]] = {
    "incident.report": incident_ask.report,
    "incident.backfill": life_ask.backfill,
    "change.plan": change_ask.plan,
}
"""By the id of the form."""
