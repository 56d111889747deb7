"""The fold of the emergency way: emergencies, due items, retrospective reviews."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import UUID

from config.policy.ids import ChangeKind
from workflows.change.emergency import Emergency, Owed, Retrospective
from workflows.change.emergency_events import (
    EmergencyConfirmed,
    EmergencyEnded,
    EmergencyLinked,
    EmergencyOpened,
    FindingCleared,
    RequirementOwed,
    RequirementSettled,
    RetrospectiveDemanded,
    RetrospectiveEscalated,
    RetrospectiveHeld,
)
from workflows.change.folding import decider
from workflows.change.state import ChangeCase, FoundItem
from workflows.errors import Tampered
from workflows.events import Erased, Event, Recorded

Fold = Callable[[ChangeCase, Any, Recorded], ChangeCase]
Item = TypeVar("Item", Emergency, Owed, Retrospective, FoundItem)


def _opened(case: ChangeCase, event: EmergencyOpened, recorded: Recorded) -> ChangeCase:
    asked = Emergency(
        id=event.emergency,
        request=str(event.ref),
        head=event.head,
        reason=event.reason,
        by=decider(recorded),
        at=recorded.at,
        alone=event.alone,
        second_due=event.second_due,
        incident=event.incident,
    )
    known = _with_incident(case, event.incident).model_copy(update={"emergencies": (*case.emergencies, asked)})
    return _in_force(known) if event.alone else known


def _confirmed(case: ChangeCase, event: EmergencyConfirmed, recorded: Recorded) -> ChangeCase:
    parts = {"second": decider(recorded), "second_at": recorded.at}
    return _in_force(_altered(case, "emergencies", case.emergencies, event.emergency, parts))


def _in_force(case: ChangeCase) -> ChangeCase:
    """Whatever was planned: from now on it is an emergency change."""
    return case.model_copy(update={"kind": ChangeKind.EMERGENCY})


def _ended(case: ChangeCase, event: EmergencyEnded, recorded: Recorded) -> ChangeCase:
    return _altered(case, "emergencies", case.emergencies, event.emergency, {"ended_at": recorded.at, "end": event.end})


def _linked(case: ChangeCase, event: EmergencyLinked, _recorded: Recorded) -> ChangeCase:
    known = _altered(case, "emergencies", case.emergencies, event.emergency, {"incident": event.incident})
    return _with_incident(known, event.incident)


def _with_incident(case: ChangeCase, incident: str | Erased | None) -> ChangeCase:
    known = case.incidents
    if not isinstance(incident, str) or not isinstance(known, tuple) or incident in known:
        return case
    return case.model_copy(update={"incidents": (*known, incident)})


def _owed(case: ChangeCase, event: RequirementOwed, recorded: Recorded) -> ChangeCase:
    item = Owed(
        id=event.owed,
        request=str(event.ref),
        requirement=event.requirement,
        commit=event.commit,
        environment=event.environment,
        at=recorded.at,
    )
    return case.model_copy(update={"owed": (*case.owed, item)})


def _settled(case: ChangeCase, event: RequirementSettled, recorded: Recorded) -> ChangeCase:
    parts = {
        "settlement": event.settlement,
        "note": event.note,
        "settled_by": decider(recorded),
        "settled_at": recorded.at,
    }
    return _altered(case, "owed", case.owed, event.owed, parts)


def _demanded(case: ChangeCase, event: RetrospectiveDemanded, recorded: Recorded) -> ChangeCase:
    item = Retrospective(id=event.review, at=recorded.at, due=event.due, escalate_at=event.escalate_at)
    return case.model_copy(update={"reviews": (*case.reviews, item)})


def _escalated(case: ChangeCase, event: RetrospectiveEscalated, _recorded: Recorded) -> ChangeCase:
    known = next((item for item in case.reviews if item.id == event.review), None)
    told = (*known.escalated, event.to) if known else ()
    return _altered(case, "reviews", case.reviews, event.review, {"escalated": told})


def _held(case: ChangeCase, event: RetrospectiveHeld, recorded: Recorded) -> ChangeCase:
    parts = {
        "held_by": decider(recorded),
        "held_at": recorded.at,
        "justified": event.justified,
        "account": event.account,
        "prevention": event.prevention,
        "follow_up": event.follow_up,
    }
    return _altered(case, "reviews", case.reviews, event.review, parts)


def _cleared(case: ChangeCase, event: FindingCleared, recorded: Recorded) -> ChangeCase:
    known = _altered(case, "findings", case.findings, event.finding, {"cleared_at": recorded.at})
    review = known.review
    if not event.review_over or review is None:
        return known
    return _altered(known, "reviews", known.reviews, review.id, {"over_at": recorded.at})


def _altered(
    case: ChangeCase, name: str, items: tuple[Item, ...], wanted: UUID, parts: Mapping[str, object]
) -> ChangeCase:
    known = next((item for item in items if item.id == wanted), None)
    if known is None:
        message = f"expected one of the {name} of the change, found {wanted}"
        raise Tampered(message)
    altered = known.model_copy(update=parts)
    return case.model_copy(update={name: tuple(altered if item is known else item for item in items)})


EMERGENCY_FOLDS: Final[Mapping[type[Event], Fold]] = MappingProxyType(
    {
        EmergencyOpened: _opened,
        EmergencyConfirmed: _confirmed,
        EmergencyEnded: _ended,
        EmergencyLinked: _linked,
        RequirementOwed: _owed,
        RequirementSettled: _settled,
        RetrospectiveDemanded: _demanded,
        RetrospectiveEscalated: _escalated,
        RetrospectiveHeld: _held,
        FindingCleared: _cleared,
    }
)
