"""Cases that are entered after the fact: every time in its order, each move with the time at which it really was."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from config.policy.ids import Criterion
from workflows.decisions import Reason
from workflows.incident.answers import in_future
from workflows.incident.codes import Code
from workflows.incident.commands import Given, GivenAnswers, Report
from workflows.incident.situation import Situation
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State

Reasons = tuple[Reason, ...]
SUBJECTS: Final[Mapping[State, str]] = {
    State.CONTAIN: "entered_contain",
    State.ERADICATE: "entered_eradicate",
    State.RECOVER: "entered_recover",
    State.REVIEW: "entered_review",
    State.CLOSED: "entered_closed",
    State.DISMISSED: "entered_dismissed",
}
"""What a reason about the time of a move is about."""
OFTEN_UNKNOWN: Final = frozenset({State.CONTAIN, State.RECOVER})
"""Nobody noted when these began; without a time it is that of the move before. The others are told in figures."""


def told_in_order(report: Report) -> Reasons:
    """What is entered afterwards has the time of its report; it occurred, was detected, then reported."""
    if not report.backfill:
        return () if report.reported is None else (Reason(Code.INVALID, subject="reported", expected="backfill"),)
    if report.reported is None:
        return (Reason(Code.NEEDS_TEXT, subject="reported", expected="when"),)
    given = [(name, at) for name in ("occurred", "detected", "reported") if (at := getattr(report, name)) is not None]
    return tuple(
        Reason(Code.TOO_EARLY, subject=name, expected=before.isoformat())
        for (_, before), (name, at) in pairwise(given)
        if at < before
    )


def last_moved(case: IncidentCase) -> datetime:
    """When the case came into its state: no later move lies before."""
    return case.entered[-1].at if case.entered else case.opened_at


def timed(situation: Situation, command: GivenAnswers) -> tuple[Given, ...]:
    """The answers, where a containment without a time of its own was done when the case was contained."""
    at = next((moved.at for moved in command.moved if moved.to is State.ERADICATE), None)
    if not situation.case.backfill or at is None or at > situation.now:
        return command.answers
    return tuple(
        replace(given, when=at) if given.criterion is Criterion.CONTAINMENT_ACTION and given.when is None else given
        for given in command.answers
    )


def times(
    situation: Situation, command: GivenAnswers, ahead: tuple[State, ...]
) -> tuple[Mapping[State, datetime], Reasons]:
    """When each of these moves really was, and what is wrong with these times; nothing for a case as it happens."""
    case, given = situation.case, {moved.to: moved.at for moved in command.moved}
    if not case.backfill:
        return {}, tuple(Reason(Code.INVALID, SUBJECTS[to], expected="backfill") for to in given if to in SUBJECTS)
    earliest, found = last_moved(case), dict[State, datetime]()
    problems: Reasons = ()
    for to in ahead:
        at = given.get(to)
        if at is None and to not in OFTEN_UNKNOWN:
            problems += (Reason(Code.NEEDS_TEXT, subject=SUBJECTS[to], expected="when"),)
        elif at is not None and at < earliest:
            problems += (Reason(Code.TOO_EARLY, subject=SUBJECTS[to], expected=earliest.isoformat()),)
        problems += in_future(situation, SUBJECTS[to], at)
        earliest = found[to] = max(at or earliest, earliest)
    return found, problems
