"""Which requests belong to a change, and decisions about the gate of a repository."""

import re

from config.policy.ids import ChangeKind
from workflows.change.codes import ChangeState, LinkSource, Refusal
from workflows.change.commands import EnforceGate, LinkRequest, ObserveGate, UnlinkRequest
from workflows.change.events import ChangePlanned, GateEnforced, GateObserved, RequestLinked, RequestUnlinked
from workflows.change.rules.draft import Draft
from workflows.change.rules.judging import named, settle
from workflows.change.rules.planning import missing, still_planned
from workflows.decisions import Reason
from workflows.errors import BrokenInput
from workflows.record import NUMERIC_ID


def link_request(draft: Draft, command: LinkRequest) -> tuple[Reason, ...]:
    """Put a request under the change. A command outranks what the request itself says, so it can confirm a link."""
    reasons = still_planned(draft)
    if reasons:
        return reasons
    known = draft.case.request(command.request)
    confirms = command.link is LinkSource.COMMAND and known is not None and known.link is not LinkSource.COMMAND
    if known is not None and not confirms:
        return (Reason(Refusal.LINKED_ALREADY, subject="request", found=draft.case.number),)
    draft.add(
        RequestLinked(
            forge=command.request.forge,
            repository_id=command.request.repository_id,
            number=command.request.number,
            repository=command.repository,
            link=command.link,
            author=draft.cast.of(command.author) if command.author else None,
        )
    )
    return ()


def unlink_request(draft: Draft, command: UnlinkRequest) -> tuple[Reason, ...]:
    """Take a request out, before it is merged."""
    reasons = still_planned(draft)
    if reasons:
        return reasons
    known = draft.case.request(command.request)
    if known is None:
        return (Reason(Refusal.NOT_LINKED, subject="request"),)
    if known.merged:
        return (Reason(Refusal.MERGED, subject="request"),)
    draft.add(RequestUnlinked.model_validate(named(known)))
    settle(draft)
    return ()


def enforce_gate(draft: Draft, command: EnforceGate) -> tuple[Reason, ...]:
    """Let the gate of a repository hold. The decision is a change record of its own, complete at once."""
    return _decide_gate(draft, command, command.reason)


def observe_gate(draft: Draft, command: ObserveGate) -> tuple[Reason, ...]:
    """Let the gate of a repository only observe; that loosens it, so it takes a reason."""
    if not command.reason.strip():
        return (missing("reason"),)
    return _decide_gate(draft, command, command.reason)


def _decide_gate(draft: Draft, command: EnforceGate | ObserveGate, reason: str | None) -> tuple[Reason, ...]:
    """Raises BrokenInput when the repository is named by anything but its number."""
    if not re.fullmatch(NUMERIC_ID, command.repository_id):
        message = f"expected the number of a repository, found {command.repository_id!r}"
        raise BrokenInput(message)
    if draft.policy.change.repository(command.repository) is None:
        return (Reason(Refusal.NOT_COVERED, subject="repository", found=command.repository),)
    decided = GateEnforced if isinstance(command, EnforceGate) else GateObserved
    draft.add(
        ChangePlanned(title=command.repository, change_kind=ChangeKind.NORMAL, requester=draft.me, owner=draft.me)
    )
    draft.add(
        decided(
            forge=command.forge,
            repository_id=command.repository_id,
            repository=command.repository,
            reason=reason or None,
        )
    )
    draft.move(ChangeState.DONE)
    return ()
