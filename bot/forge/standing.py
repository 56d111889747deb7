"""The verdict that stands on a request, as its change holds it."""

from dataclasses import dataclass

from workflows.change.facts import RequestFacts
from workflows.change.result import Verdict
from workflows.change.seen import RequestKey
from workflows.change.state import ChangeCase, LinkedRequest
from workflows.pointers import REQUEST_CHANGE
from workflows.store.reads import Reads


@dataclass(frozen=True, slots=True)
class Standing:
    """A request with the verdict on it, as the case holds it."""

    case: ChangeCase
    linked: LinkedRequest
    facts: RequestFacts
    verdict: Verdict


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


def same_head(reads: Reads, found: Standing) -> tuple[Verdict, ...]:
    """Verdicts on other open requests with the same head: the forge shows one status for all of them."""
    repository = f"{found.linked.forge.value}:{found.linked.repository_id}"
    refs = [
        RequestFacts.model_validate_json(row.doc).ref
        for row in reads.facts.by_head(repository, found.verdict.head)
        if row.scope == "request"
    ]
    others = (standing(reads, ref) for ref in refs if ref != found.linked.ref)
    return tuple(one.verdict for one in others if one is not None and one.verdict.head == found.verdict.head)
