"""What an emergency or a finding leaves to be done: a retrospective review, and each requirement that was skipped."""

from workflows.change.emergency_events import RequirementOwed, RetrospectiveDemanded
from workflows.change.result import Verdict
from workflows.change.rules.draft import Draft
from workflows.change.state import LinkedRequest, same_name
from workflows.deadlines import end_of_working_day


def demand(draft: Draft) -> None:
    """Demand a retrospective review, unless one is open already: then it deals with this as well."""
    if draft.case.review is not None:
        return
    given = draft.policy.change.emergency
    latest = given.review_working_days + given.escalate_working_days
    draft.add(
        RetrospectiveDemanded(
            review=draft.context.new_id(),
            due=end_of_working_day(draft.policy, draft.now, given.review_working_days),
            escalate_at=end_of_working_day(draft.policy, draft.now, latest),
        )
    )


def owe(draft: Draft, request: LinkedRequest, verdict: Verdict) -> None:
    """Every requirement that this verdict let pass because of an emergency becomes due, once."""
    if verdict.emergency is None:
        return
    place = verdict.environment or None
    known = {(item.request, item.requirement) for item in draft.case.owed if _at(item.environment, place)}
    for result in verdict.results:
        if result.held and (str(request.ref), result.requirement) not in known:
            draft.add(
                RequirementOwed(
                    forge=request.forge,
                    repository_id=request.repository_id,
                    number=request.number,
                    repository=request.repository,
                    owed=draft.context.new_id(),
                    requirement=result.requirement,
                    commit=verdict.head,
                    environment=place,
                )
            )


def _at(known: object, place: str | None) -> bool:
    if place is None:
        return known is None
    return isinstance(known, str) and same_name(known, place)
