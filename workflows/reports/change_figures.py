"""Changes of a period in figures: how many went the emergency way or past the gates, and what is still due for them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.texts import _
from workflows.change.codes import Finding
from workflows.change.state import ChangeCase

FINDINGS: Final[Mapping[Finding, str]] = {
    Finding.MERGED_UNPASSED: _("merged without a passed verdict"),
    Finding.DEPLOYED_UNPASSED: _("deployed without a passed verdict"),
    Finding.WRONG_AFTER_MERGE: _("found wrong after the merge"),
    Finding.DIRECT_PUSH: _("pushed directly to an enforced branch"),
    Finding.FORCE_PUSH: _("history of an enforced branch rewritten"),
    Finding.DEPLOYED_UNCOVERED: _("deployed although no change covers it"),
    Finding.DEPLOYED_OFFLINE: _("deployed while the gate could not be asked"),
    Finding.EMERGENCY_UNCONFIRMED: _("let through as an emergency, and no second person confirmed it in time"),
}


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """Counts alone. `changes` leaves out records of decisions about gates, and what was opened for a bypass.

    `emergencies` were let through in the period, `waivers` granted in it. What is open or late is so now.
    """

    changes: int = 0
    emergencies: int = 0
    findings: Mapping[Finding, int] | None = None
    waivers: int = 0
    reviews_held: int = 0
    not_justified: int = 0
    reviews_open: int = 0
    reviews_late: int = 0
    owed_open: int = 0


def change_figures(cases: Iterable[ChangeCase], inside: Callable[[datetime], bool], now: datetime) -> ChangeFigures:
    """The figures over all changes that the reader may see. `inside`: whether a moment falls into the period."""
    every = tuple(cases)
    opened = [one.opened_at for case in every for one in case.emergencies if one.opened_at is not None]
    found = [one for case in every for one in case.findings if one.cleared_at is None and inside(one.at)]
    held = [one for case in every for one in case.reviews if one.held_at is not None and inside(one.held_at)]
    waiting = [case.review for case in every if case.review is not None]
    granted = [one.granted_at for case in every for one in case.waivers if one.granted_at is not None]
    return ChangeFigures(
        changes=sum(_counts(case) and inside(case.opened_at) for case in every),
        emergencies=sum(map(inside, opened)),
        findings=dict(sorted(Counter(one.found for one in found).items())),
        waivers=sum(map(inside, granted)),
        reviews_held=len(held),
        not_justified=sum(one.justified is False for one in held),
        reviews_open=len(waiting),
        reviews_late=sum(one.due <= now for one in waiting),
        owed_open=sum(len(case.open_owed) for case in every),
    )


def _counts(case: ChangeCase) -> bool:
    return case.gate is None and bool(case.requests or case.requester is not None)
