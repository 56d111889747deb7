"""Custody of evidence: who looked, took a copy, handed it over and checked it (A.5.28)."""

from collections.abc import Callable
from typing import Final

from config.policy.ids import CaseRole, Role
from config.policy.models import Policy
from workflows.decisions import Reason
from workflows.incident import evidence_events as ev
from workflows.incident.answers import in_future
from workflows.incident.codes import Code
from workflows.incident.evidence_commands import (
    AskFile,
    CheckEvidence,
    ExportEvidence,
    HandOverEvidence,
    NoteUnfetched,
    ViewEvidence,
)
from workflows.incident.evidence_terms import CheckResult
from workflows.incident.items import Evidence
from workflows.incident.situation import Proposal, Situation
from workflows.incident.work import SHA256

Reasons = tuple[Reason, ...]
SUBJECT: Final = "evidence"


def found_item(proposal: Proposal, no: int, fits: Callable[[Evidence], bool]) -> Evidence | Reason:
    """The item with this number, where it fits."""
    item = next((one for one in proposal.case.evidence if one.no == no and fits(one)), None)
    return item or Reason(Code.UNKNOWN_ITEM, SUBJECT, found=str(no or ""))


def is_here(item: Evidence) -> bool:
    """Whether its file lies in the evidence folder."""
    return item.stored and item.disposed_at is None


def access_roles(policy: Policy, item: Evidence) -> frozenset[Role | CaseRole]:
    """Who may open an item: the roles of its access class and the lead; empty: everybody who may see the case."""
    classes = {entry.id: entry.roles for entry in policy.evidence_access}
    # A class that the policy no longer knows must not open what it once closed.
    roles = classes.get(item.access_class, frozenset({Role.ISB, Role.DEPUTY})) if item.access_class else frozenset()
    return frozenset({*roles, CaseRole.LEAD}) if roles else frozenset()


def closed_to(situation: Situation, item: Evidence) -> Reasons:
    """Why its access class keeps the actor from it."""
    allowed = access_roles(situation.policy, item)
    if not allowed or situation.actor.person is None or not allowed.isdisjoint(situation.roles()):
        return ()
    return (Reason(Code.NOT_ALLOWED, SUBJECT, who=tuple(sorted(role.value for role in allowed))),)


def view(proposal: Proposal, command: ViewEvidence) -> Reasons:
    """Look at a kept file, where its access class allows it."""
    item = found_item(proposal, command.no, is_here)
    if isinstance(item, Reason):
        return (item,)
    problems = closed_to(proposal.situation, item)
    if not problems:
        proposal.add(ev.EvidenceViewed(no=item.no, purpose=command.purpose or None))
    return problems


def export(proposal: Proposal, command: ExportEvidence) -> Reasons:
    """Take a copy of a kept file out, where its access class allows it."""
    item = found_item(proposal, command.no, is_here)
    if isinstance(item, Reason):
        return (item,)
    problems = closed_to(proposal.situation, item)
    if not problems:
        proposal.add(ev.EvidenceExported(no=item.no, purpose=command.purpose or None))
    return problems


def hand_over(proposal: Proposal, command: HandOverEvidence) -> Reasons:
    """From whom, to whom, what for. Also for what is kept elsewhere, such as a disk."""
    item = found_item(proposal, command.no, lambda one: one.disposed_at is None)
    if isinstance(item, Reason):
        return (item,)
    left = [name for name in ("receiver", "purpose") if not getattr(command, name)]
    problems: Reasons = (Reason(Code.NEEDS_TEXT, SUBJECT, expected=" ".join(left)),) if left else ()
    problems += in_future(proposal.situation, "occurred", command.occurred)
    problems += closed_to(proposal.situation, item)
    if not problems:
        event = ev.EvidenceHandedOver(
            no=item.no, giver=command.giver or None, receiver=command.receiver, purpose=command.purpose
        )
        proposal.add(event, command.occurred)
    return problems


def check(proposal: Proposal, command: CheckEvidence) -> Reasons:
    """What hashing it again showed. An altered file is one whose bytes amount to something else."""
    item = found_item(proposal, command.no, is_here)
    if isinstance(item, Reason):
        return (item,)
    altered = command.result is CheckResult.ALTERED
    found = command.found if altered else ""
    if altered and (not SHA256.fullmatch(found) or found == item.sha256):
        return (Reason(Code.INVALID, "sha256", expected="sha256", found=found),)
    proposal.add(ev.EvidenceChecked(no=item.no, result=command.result, found=found or None))
    return ()


def ask_file(proposal: Proposal, command: AskFile) -> Reasons:
    """Have a file fetched. One that is kept already is not fetched again."""
    if not command.origin:
        return (Reason(Code.NEEDS_TEXT, SUBJECT, expected="origin"),)
    if not is_kept(proposal.case.evidence, command.origin):
        proposal.add(ev.FileAsked(origin=command.origin))
    return ()


def note_unfetched(proposal: Proposal, command: NoteUnfetched) -> Reasons:
    """A gap, told once for each reason, and not at all for a file that came in the end."""
    known = any((one.origin, one.why) == (command.origin, command.why) for one in proposal.case.gaps)
    if not known and not is_kept(proposal.case.evidence, command.origin):
        name = command.file_name or None
        proposal.add(ev.FileUnfetched(origin=command.origin, why=command.why, file_name=name))
    return ()


def is_kept(evidence: tuple[Evidence, ...], origin: str) -> bool:
    """Whether this original is kept already."""
    return any(one.origin == origin for one in evidence)
