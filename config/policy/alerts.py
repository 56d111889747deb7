"""Which warnings of the forges open a report, or join one (A.5.25, A.8.8)."""

from typing import Annotated, Final

from pydantic import AfterValidator, StrictBool
from pydantic.fields import Field
from pydantic_core import PydanticCustomError

from config.policy.base import FrozenSet, PolicyModel, Positive
from config.policy.changes import Glob
from config.policy.globs import matches
from config.policy.ids import AlertKind, AlertLevel, Visibility

_ORDER: Final = tuple(AlertLevel)


def _not_sealed(found: Visibility) -> Visibility:
    if found is Visibility.SEALED:
        fault = {"found": found.value, "expected": f"{Visibility.TEAM.value}, {Visibility.RESTRICTED.value}"}
        raise PydanticCustomError("needs_named_people", "a strictly confidential report names its people", fault)
    return found


class AlertRule(PolicyModel):
    """Warnings of these kinds, from this level on, in the repositories that the pattern names."""

    kinds: Annotated[FrozenSet[AlertKind], Field(min_length=1)]
    match: Glob = "*"
    from_level: AlertLevel = AlertLevel.CRITICAL
    urgent: StrictBool = False
    """Whether it gets its channel before anybody has assessed it."""
    visibility: Annotated[Visibility, AfterValidator(_not_sealed)] = Visibility.TEAM

    def holds(self, kind: AlertKind, level: AlertLevel, repository: str) -> bool:
        """Whether such a warning is to become a report. Names are compared without case, as the forges do."""
        loud = _ORDER.index(level) >= _ORDER.index(self.from_level)
        return kind in self.kinds and loud and matches(self.match.casefold(), repository.casefold())


class AlertPolicy(PolicyModel):
    """The first rule that holds decides; without one a warning opens nothing.

    `join_minutes`: what comes so soon after the last of its kind in a repository joins the same report.
    `most_reports`: so many a sender opens in that time; what comes beyond them joins the last one.
    """

    join_minutes: Positive = 60
    most_reports: Positive = 10
    rules: tuple[AlertRule, ...] = ()

    def rule(self, kind: AlertKind, level: AlertLevel, repository: str) -> AlertRule | None:
        """The rule by which such a warning becomes a report, None: it does not."""
        return next((one for one in self.rules if one.holds(kind, level, repository)), None)
