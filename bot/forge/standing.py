"""The verdict that stands on a request, as its change holds it."""

from dataclasses import dataclass

from config.policy.models import Policy
from workflows.change.facts import RequestFacts
from workflows.change.result import Verdict
from workflows.change.seen import Forge, RequestKey, RequestState
from workflows.change.snapshot import rules_for
from workflows.change.state import ChangeCase, LinkedRequest
from workflows.change.verdict import worst
from workflows.pointers import REQUEST_CHANGE
from workflows.store.reads import Reads


@dataclass(frozen=True, slots=True)
class Standing:
    """A request with the verdict on it, as the case holds it."""

    case: ChangeCase
    linked: LinkedRequest
    facts: RequestFacts
    verdict: Verdict

    @property
    def is_open(self) -> bool:
        """Whether the request is still open."""
        return self.facts.current is not None and self.facts.current.state is RequestState.OPEN


def standing(reads: Reads, request: RequestKey) -> Standing | None:
    """The verdict on a request as its change holds it; None when there is none (any more)."""
    number = reads.links.get(REQUEST_CHANGE, str(request))
    row = reads.case(number) if number else None
    told_of = reads.facts.get("request", str(request))
    if row is None or told_of is None:
        return None
    case = ChangeCase.model_validate_json(row.doc)
    facts = RequestFacts.model_validate_json(told_of.doc)
    linked = next((one for one in case.requests if one.ref == request), None)
    record = linked.verdict if linked else None
    if linked is None or record is None or record.tree is None:
        return None
    return Standing(case, linked, facts, record.tree)


def worst_on(reads: Reads, policy: Policy, forge: Forge, repository_id: str, head: str) -> Standing | None:
    """The worst verdict of the open requests with this head: the forge shows one for all of them.

    Of the closed ones when none is open, so that nothing stays green there. None: nothing is to be shown, since the
    policy covers no request with this head, or none is judged yet.
    """
    told = (
        RequestFacts.model_validate_json(row.doc)
        for row in reads.facts.by_head(f"{forge.value}:{repository_id}", head)
        if row.scope == "request"
    )
    covered = (standing(reads, facts.ref) for facts in told if rules_for(facts, policy) is not None)
    found = [one for one in covered if one is not None and one.verdict.head == head]
    listed = [one for one in found if one.is_open] or found
    # What only observes is shown as let through: it does not hide a verdict that holds.
    holding = [one for one in listed if not one.verdict.lets_through] or listed
    lowest = worst(one.verdict.status for one in holding)
    return next((one for one in holding if one.verdict.status is lowest), None)
