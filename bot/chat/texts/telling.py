"""What a sentence about a change may use."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.chat.texts import common
from config.i18n import Translator
from workflows.actors import Pseudonym
from workflows.change.state import ChangeCase


@dataclass(frozen=True, slots=True)
class Telling:
    """The reader's language, the change as it now stands, and the zone."""

    t: Translator
    case: ChangeCase
    zone: ZoneInfo

    def who(self, pseudonym: Pseudonym | None) -> str:
        """The name of a person of the change."""
        return common.one_line(self.case.name_of(pseudonym), 60)
