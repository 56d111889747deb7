"""What went past an enforced gate, found afterwards: a finding of the change that knows the commit, or of a new one."""

from typing import Final

from config.policy.ids import ChangeKind
from workflows.change.codes import ChangeState, Finding
from workflows.change.emergency_commands import ClearFinding, RecordBypass
from workflows.change.emergency_events import FindingCleared
from workflows.change.events import ChangePlanned, FindingOpened
from workflows.change.rules import deploying
from workflows.change.rules.draft import Draft
from workflows.change.rules.owing import demand
from workflows.change.state import FoundItem
from workflows.decisions import Reason

_SHORT: Final = 7


def record_bypass(draft: Draft, command: RecordBypass) -> tuple[Reason, ...]:
    """Open the finding and demand its review. Without a change of its own it gets one, an emergency after the fact."""
    if not command.case:
        title = " ".join(part for part in (command.repository, command.branch, command.commit[:_SHORT]) if part)
        draft.add(ChangePlanned(title=title, change_kind=ChangeKind.EMERGENCY))
    draft.add(
        FindingOpened(
            forge=command.forge,
            repository_id=command.repository_id,
            repository=command.repository,
            finding=draft.context.new_id(),
            found=command.found,
            commit=command.commit,
            branch=command.branch or None,
            environment=command.environment or None,
            deployment=command.deployment,
            by=draft.cast.of(command.by) if command.by else None,
        ),
        occurred_at=command.pushed_at,
    )
    demand(draft)
    if not command.case:
        # It happened: nothing is left to be planned, and the review alone closes it.
        draft.move(ChangeState.DEPLOY)
    return ()


def clear_finding(draft: Draft, command: ClearFinding) -> tuple[Reason, ...]:
    """The commit is the merge of a request: its own verdict says whether that was allowed."""
    meant = [item for item in draft.case.findings if _is_push(item) and item.commit == command.commit]
    for item in meant:
        others = [other for other in draft.case.open_findings if other.id != item.id]
        draft.add(
            FindingCleared(
                forge=command.request.forge,
                repository_id=command.request.repository_id,
                number=command.request.number,
                repository=command.repository,
                finding=item.id,
                review_over=not others and not draft.case.emergencies,
            )
        )
    if meant:
        deploying.follow(draft)
    return ()


def _is_push(item: FoundItem) -> bool:
    return item.found is Finding.DIRECT_PUSH and item.cleared_at is None
