"""Decisions that hold for a whole repository, put among its facts: its mode, and waivers of that scope."""

from config.policy.ids import Mode
from workflows.change.codes import WaiverScope
from workflows.change.events import GateDecided, GateEnforced, WaiverEnded, WaiverGranted
from workflows.change.seen import ModeDecided, RepositoryWaiverSeen, Update
from workflows.change.state import ChangeCase, Waiver
from workflows.events import Recorded


def updates(after: ChangeCase, recorded: tuple[Recorded, ...]) -> tuple[Update, ...]:
    """The updates that follow from these entries."""
    return tuple(update for item in recorded for update in _of(after, item))


def _of(after: ChangeCase, item: Recorded) -> tuple[Update, ...]:
    event = item.event
    if isinstance(event, GateDecided):
        mode = Mode.ENFORCE if isinstance(event, GateEnforced) else Mode.OBSERVE
        return (ModeDecided(forge=event.forge, repository_id=event.repository_id, mode=mode, decided_at=item.at),)
    if isinstance(event, WaiverGranted | WaiverEnded):
        waiver = after.waiver(event.waiver)
        return _shared(waiver) if waiver else ()
    return ()


def _shared(waiver: Waiver) -> tuple[Update, ...]:
    if waiver.scope is not WaiverScope.REPOSITORY or waiver.forge is None or waiver.repository_id is None:
        return ()
    if waiver.granted_at is None:
        return ()
    return (
        RepositoryWaiverSeen(
            forge=waiver.forge,
            repository_id=waiver.repository_id,
            waiver_id=waiver.id,
            requirement=waiver.requirement,
            granted_at=waiver.granted_at,
            expires=waiver.expires,
            ended_at=waiver.ended_at,
        ),
    )
