"""What a sentence about an incident may use, and how it tells the time of an entry."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.texts import common, times
from config.i18n import Translator
from config.policy.models import Policy
from workflows.actors import Pseudonym
from workflows.events import Recorded
from workflows.incident.state import IncidentCase


@dataclass(frozen=True, slots=True)
class Telling:
    """What a sentence may use: the reader's language, the case as it now stands, the zone, and the clock."""

    t: Translator
    case: IncidentCase
    policy: Policy
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are told."""
        return self.policy.zone

    def regime(self, regime: str) -> str:
        """What the policy calls a duty to notify."""
        known = next((one for one in self.policy.regimes if one.id == regime), None)
        return known.title(self.t.language) if known else regime

    def who(self, pseudonym: Pseudonym | None) -> str:
        """The name of a person of the case."""
        return common.one_line(self.case.name_of(pseudonym), 60)

    def when(self, moment: datetime) -> str:
        """A moment as the reader writes it."""
        return times.moment(self.t, moment, self.zone, self.now)

    def day(self, moment: datetime) -> str:
        """A day as the reader writes it."""
        return self.t.date(moment, self.zone)


def told_at(x: Telling, item: Recorded) -> str:
    """When it happened; and when it was recorded, where that is another time."""
    return apart(x, item.when, item.at)


def apart(x: Telling, when: datetime, recorded: datetime) -> str:
    """One time, or both where they differ."""
    return times.both(x.t, when, recorded, x.zone, x.now)


def marked(t: Translator, case: IncidentCase, text: str) -> str:
    """A text about the case; one about a drill says so first, wherever it stands."""
    return " · ".join((t.gettext("DRILL"), text)) if case.drill else text
