"""How a report tells: with the day of every moment, and with what is not on record called so."""

from dataclasses import dataclass
from datetime import datetime

from bot.casefile.reading import CaseFile
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.actors import Pseudonym
from workflows.events import OptionalText, plain


@dataclass(frozen=True, slots=True)
class Dated(Telling):
    """A report is read on other days than it is made on."""

    def when(self, moment: datetime) -> str:
        """Day and time, always."""
        return self.t.datetime(moment, self.zone)

    def at(self, moment: datetime | None) -> str:
        """A moment, or that none is on record."""
        return self.when(moment) if moment else self.t.gettext("not recorded")

    def named(self, pseudonym: Pseudonym | None) -> str:
        """A person, or that nobody is on record."""
        return self.who(pseudonym) if pseudonym else self.t.gettext("nobody recorded")

    def done(self, who: Pseudonym | None, when: datetime | None) -> str:
        """By whom and when; empty for what nobody did."""
        return ", ".join((*((self.who(who),) if who else ()), *((self.when(when),) if when else ())))


def dated(file: CaseFile, t: Translator) -> Dated:
    """For sentences of the report of this file."""
    return Dated(t, file.case, file.policy, file.now)


def typed(text: OptionalText) -> str:
    """What somebody typed, whole; the page keeps it text."""
    return plain(text)
