"""Work that follows a recorded change: report to the forge, tell the channel, judge anew, wake at a waiver's end.

Payloads carry ids only. `case` is the id of the case; the worker reads number, names and verdict when it delivers.
"""

from collections.abc import Iterable
from typing import Final

from workflows.change.effects_emergency import aftermath
from workflows.change.emergency_events import EmergencyConfirmed, EmergencyEnded, EmergencyOpened
from workflows.change.events import (
    ChangeAmended,
    ChangeCancelled,
    DeployApproved,
    DeploymentRecorded,
    PlanApproved,
    PlanObjected,
    RequestLinked,
    RequestUnlinked,
    RiskSet,
    RolledBack,
    VerdictChanged,
    VerdictEvent,
    VerdictFrozen,
    WaiverEnded,
    WaiverGranted,
)
from workflows.change.seen import RequestKey
from workflows.change.state import ChangeCase
from workflows.events import Event, Recorded
from workflows.workflow import Effect, home_tabs

EVALUATE: Final = "forge.evaluate"
REPORT: Final = "report"
COMMENT: Final = "comment"
SLACK: Final = "slack.change"
WAIVER_TIMER: Final = "timer.waiver"
HELD: Final = "forge.held"
"""Deployments that a forge holds until we answer are to be answered anew."""

_ALTERS_PLAN: Final = (
    ChangeAmended,
    ChangeCancelled,
    PlanApproved,
    PlanObjected,
    DeployApproved,
    WaiverGranted,
    WaiverEnded,
    EmergencyOpened,
    EmergencyConfirmed,
    EmergencyEnded,
)
_ABOUT_DEPLOYING: Final = (VerdictFrozen, DeployApproved, DeploymentRecorded, RolledBack)


def effects(before: ChangeCase, after: ChangeCase, recorded: tuple[Recorded, ...], version: int) -> tuple[Effect, ...]:
    """Everything that has to follow these entries."""
    events = tuple(item.event for item in recorded)
    found: list[Effect] = []
    judged = [event for event in events if isinstance(event, VerdictChanged | VerdictFrozen)]
    for event in judged:
        found.extend(_reports(after, event, version))
        found.extend(_left(before, event, version))
    if judged:
        found.append(_telling(after, version))
    if not judged and any(_asks_anew(item) for item in recorded):
        found.extend(_anew(after, (item.ref for item in after.requests), version))
    gone = [event for event in events if isinstance(event, RequestUnlinked)]
    found.extend(_anew(before, (event.ref for event in gone), version))
    found.extend(_held(after, events, version))
    found.extend(_timers(after, (event for event in events if isinstance(event, WaiverGranted))))
    found.extend(aftermath(after, recorded))
    if recorded and _at_home(before) != _at_home(after):
        found.append(home_tabs(recorded[-1].at))
    return tuple(found)


def _at_home(case: ChangeCase) -> tuple[object, ...]:
    """What home tabs show of a change, and to whom."""
    known = (case.number, case.title, case.state, case.requester, case.owner, case.emergencies, case.unsettled)
    return (*known, case.deploy_asks, case.deploy_approvals)


def _asks_anew(item: Recorded) -> bool:
    """Whether the requests have to be judged anew. What came from the forge is judged by whoever brought it."""
    match item.event:
        case RiskSet() as event:
            return event.overridden
        case DeploymentRecorded() | RolledBack() as event:
            return event.by_hand
        case RequestLinked():
            return item.by is not None
        case event:
            return isinstance(event, _ALTERS_PLAN)


def _reports(case: ChangeCase, event: VerdictEvent, version: int) -> tuple[Effect, ...]:
    """The status of the head, and the comment of the request. A verdict about deploying changes only the comment."""
    ref = event.ref
    payload = {**_payload(case, ref), "head": event.head}
    mark = f"{case.id}:{version}:{ref}"
    comment = Effect(f"{ref.forge}.{COMMENT}", f"comment:{ref}", f"comment:{mark}", _payload(case, ref))
    if isinstance(event, VerdictChanged) and event.environment is not None:
        return (comment,)
    place = f"report:{ref.forge}:{ref.repository_id}:{event.head}"
    return (Effect(f"{ref.forge}.{REPORT}", place, f"report:{mark}", payload), comment)


def _left(before: ChangeCase, event: VerdictEvent, version: int) -> tuple[Effect, ...]:
    """The head that the request left can be that of others: it no longer has to show this verdict."""
    known = before.request(event.ref)
    head = known.verdict.head if known and known.verdict else event.head
    if head == event.head or (isinstance(event, VerdictChanged) and event.environment is not None):
        return ()
    ref = event.ref
    place = f"report:{ref.forge}:{ref.repository_id}:{head}"
    payload = {**_payload(before, ref), "head": head}
    return (Effect(f"{ref.forge}.{REPORT}", place, f"report:{before.id}:{version}:{ref}:left", payload),)


def _telling(case: ChangeCase, version: int) -> Effect:
    return Effect(SLACK, f"slack:{case.id}", f"slack.change:{case.id}:{version}", {"case": str(case.id)})


def _anew(case: ChangeCase, refs: Iterable[RequestKey], version: int) -> tuple[Effect, ...]:
    """The same job as after a fact, so that the forge is read again where the facts are too old to open a gate."""
    return tuple(
        Effect(
            EVALUATE,
            f"eval:{ref}",
            f"eval:{ref}:c{case.id}:{version}",
            {"forge": ref.forge.value, "repository": ref.repository_id, "number": ref.number},
        )
        for ref in refs
    )


def _held(case: ChangeCase, events: tuple[Event, ...], version: int) -> tuple[Effect, ...]:
    """What was decided about deploying concerns everything that waits in the change's repositories."""
    told = any(
        isinstance(event, _ABOUT_DEPLOYING) or (isinstance(event, VerdictChanged) and event.environment is not None)
        for event in events
    )
    places = dict.fromkeys((item.forge, item.repository_id) for item in case.requests) if told else {}
    return tuple(
        Effect(
            HELD,
            f"held:{forge.value}:{repository}",
            f"held:{forge.value}:{repository}:{case.id}:{version}",
            {"forge": forge.value, "repository": repository},
        )
        for forge, repository in places
    )


def _timers(case: ChangeCase, granted: Iterable[WaiverGranted]) -> tuple[Effect, ...]:
    found = []
    for event in granted:
        waiver = case.waiver(event.waiver)
        if waiver is not None:
            payload = {"case": str(case.id), "waiver": str(waiver.id)}
            found.append(Effect(WAIVER_TIMER, "", f"waiver:{waiver.id}", payload, after=waiver.expires, timer=True))
    return tuple(found)


def _payload(case: ChangeCase, ref: RequestKey) -> dict[str, str | int]:
    return {
        "case": str(case.id),
        "forge": ref.forge.value,
        "repository": ref.repository_id,
        "number": ref.number,
    }
