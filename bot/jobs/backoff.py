"""How long to wait before the next try."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubles from `first` up to `longest`, each time spread by up to a quarter so that jobs do not return in step.

    `chance` gives a number from 0 up to 1.
    """

    chance: Callable[[], float]
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=10)

    def after(self, attempts: int) -> timedelta:
        """The wait after this many tries."""
        doubled = self.first * (1 << min(attempts - 1, 30))
        return min(doubled, self.longest) * (0.75 + self.chance() / 2)

    def at_least(self, asked: timedelta) -> timedelta:
        """What the other side asked to wait, never less, spread a little upwards."""
        return asked * (1 + self.chance() / 10)
