"""How a report tells: with the day of every moment, and with what is not on record called so."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.casefile.reading import CaseFile
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.actors import Pseudonym
from workflows.events import OptionalText, plain

_ANOTHER_DAY: Final = datetime(1900, 1, 1, tzinfo=UTC)
"""Stands for today: a time without its day is told for no moment of a case then."""


@dataclass(frozen=True, slots=True)
class Dated(Telling):
    """For a report. It is read on other days than it is made on, so that every moment is told with its day."""

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
    return Dated(t, file.case, file.policy, _ANOTHER_DAY)


def typed(text: OptionalText) -> str:
    """What somebody typed, whole; the page keeps it text."""
    return plain(text)
