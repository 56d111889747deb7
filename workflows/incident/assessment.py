"""The assessment (A.5.25): kind, category, impact, severity, personal data, and who leads."""

from dataclasses import replace

from config.policy.ids import CaseRole, Impact, Severity, Spread, Visibility
from workflows.access import is_stricter
from workflows.actors import Pseudonym
from workflows.deadlines import contain_due
from workflows.decisions import Reason
from workflows.incident import events as ev
from workflows.incident.codes import Code
from workflows.incident.commands import Assess, AssignRole, SetSeverity
from workflows.incident.duty_rules import open_duties
from workflows.incident.merging import not_the_original
from workflows.incident.naming import assign_role, lacks_named_people
from workflows.incident.on_record import changed
from workflows.incident.others import not_found, other_case
from workflows.incident.situation import Proposal, Situation
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Goal, Kind, State
from workflows.incident.updates import next_due

Reasons = tuple[Reason, ...]
ORDER = (Impact.NONE, Impact.LOW, Impact.MEDIUM, Impact.HIGH)


def assess(proposal: Proposal, command: Assess) -> Reasons:
    """Record what is in order of an assessment, and say what is not."""
    if command == Assess(case=command.case):
        return (Reason(Code.NEEDS_TEXT, subject="assessment", remedy="assess"),)
    situation = proposal.situation
    fields = _plain_fields(command)
    problems = _kind_problems(situation.case, command)
    if command.kind is not None and not problems:
        fields["outcome"] = command.kind
    taken = (_category(situation, command), _duplicate(situation, command), _severity(situation, command))
    for more, found in taken:
        fields |= more
        problems += found
    fields = changed(situation.case, fields)
    if fields:
        proposal.add(ev.Assessed.model_validate({**fields, **_deadlines(situation, fields)}))
    _lead(proposal, command)
    open_duties(proposal, situation.case.personal_data)
    if "category" in fields:
        _tighten(proposal, command)
    elif any(one.code is Code.CATEGORY_NAMES for one in problems):
        _restrict(proposal, command)
    return problems + _name(proposal, command)


def _plain_fields(command: Assess) -> dict[str, object]:
    names = (*(goal.value for goal in Goal), "spread", "personal_data")
    fields: dict[str, object] = {name: value for name in names if (value := getattr(command, name)) is not None}
    fields |= {name: text for name in ("reason", "affected") if (text := getattr(command, name))}
    return fields


def _kind_problems(case: IncidentCase, command: Assess) -> Reasons:
    """Only in `identify` can the kind change; afterwards the case goes back there first."""
    if command.kind is None or case.state is State.IDENTIFY or command.kind is case.kind:
        return ()
    if case.kind is Kind.EVENT and command.kind is Kind.INCIDENT:
        return ()
    return (Reason(Code.WRONG_PHASE, subject="assessment", found=case.state.value, remedy="back"),)


def _category(situation: Situation, command: Assess) -> tuple[dict[str, object], Reasons]:
    """A category of the policy. One that is sealed by default needs its named people first."""
    if not command.category:
        return {}, ()
    known = situation.policy.category(command.category)
    if known is None:
        possible = " ".join(entry.id for entry in situation.policy.categories)
        return {}, (Reason(Code.INVALID, "category", possible, command.category, remedy="assess"),)
    if known.visibility is Visibility.SEALED and situation.case.visibility is not Visibility.SEALED:
        lacking = lacks_named_people(situation, _could_be_named(situation, command))
        if lacking:
            return {}, tuple(replace(one, code=Code.CATEGORY_NAMES, remedy="assess") for one in lacking)
    return {"category": command.category, "watched": known.watched}, ()


def _could_be_named(situation: Situation, command: Assess) -> tuple[Pseudonym, ...]:
    case = situation.case
    lead = situation.of(command.lead) or case.lead
    people = (situation.me, lead, *case.holders(CaseRole.NAMED), *map(situation.of, command.named))
    return tuple(dict.fromkeys(person for person in people if person is not None))


def _duplicate(situation: Situation, command: Assess) -> tuple[dict[str, object], Reasons]:
    """The case that this one repeats has to exist."""
    if not command.duplicate_of:
        return {}, ()
    other = other_case(situation, command.duplicate_of)
    if not isinstance(other, IncidentCase):
        return {}, (not_found(situation, "duplicate.of", command.duplicate_of),)
    problems = not_the_original(situation, other)
    return ({} if problems else {"duplicate_of": command.duplicate_of, "duplicate_id": other.id}), problems


def derived(situation: Situation, command: Assess | None = None) -> Severity | None:
    """The severity by the policy's matrix; None until impact and spread are on record."""
    said = command or Assess()
    impact = {**situation.case.impact, **{goal: value for goal in Goal if (value := getattr(said, goal.value))}}
    spread: Spread | None = said.spread or situation.case.spread
    if spread is None or len(impact) < len(Goal):
        return None
    counted = (Impact.MEDIUM if value is Impact.UNKNOWN else value for value in impact.values())
    return situation.policy.severity.of(max(counted, key=ORDER.index), spread)


def _severity(situation: Situation, command: Assess) -> tuple[dict[str, object], Reasons]:
    by_matrix = derived(situation, command)
    if command.severity is None:
        overridden = situation.case.severity_reason is not None
        changed = by_matrix is not None and by_matrix is not situation.case.severity and not overridden
        return ({"severity": by_matrix} if changed else {}), ()
    if command.severity is by_matrix:
        return {"severity": by_matrix}, ()
    if not command.severity_reason:
        found = by_matrix.value if by_matrix else ""
        return {}, (Reason(Code.NEEDS_REASON, "severity", found=found, remedy="severity"),)
    return {"severity": command.severity, "severity_reason": command.severity_reason}, ()


def _deadlines(situation: Situation, fields: dict[str, object]) -> dict[str, object]:
    """The clocks run once it is an incident."""
    case = situation.case
    if (
        fields.get("outcome", case.kind) is not Kind.INCIDENT
        or case.backfill
        or not {"outcome", "severity"} & set(fields)
    ):
        return {}
    severity = fields.get("severity", case.severity)
    known = severity if isinstance(severity, Severity) else None
    return {
        "contain_due": contain_due(situation.policy, known, case.contain_since or situation.now),
        "update_due": next_due(situation, known),
    }


def _lead(proposal: Proposal, command: Assess) -> None:
    """Who assesses as incident leads it, unless another is named or leads already."""
    named = proposal.situation.of(command.lead)
    if named is None and command.kind is Kind.INCIDENT and proposal.case.kind is Kind.INCIDENT:
        named = proposal.case.lead or proposal.situation.me
    if named is not None and named != proposal.case.lead:
        proposal.add(ev.RoleAssigned(case_role=CaseRole.LEAD, person=named))


def _tighten(proposal: Proposal, command: Assess) -> None:
    """A category can ask for fewer people."""
    case, situation = proposal.case, proposal.situation
    known = situation.policy.category(case.category) if isinstance(case.category, str) else None
    if known is None or not is_stricter(known.visibility, case.visibility):
        return
    named = _could_be_named(situation, command) if known.visibility is Visibility.SEALED else ()
    if known.visibility is Visibility.SEALED and lacks_named_people(situation, named):
        return
    proposal.add(ev.VisibilitySet(visibility=known.visibility, named=named))


def _restrict(proposal: Proposal, command: Assess) -> None:
    """A category that seals was asked for and cannot yet: from now on nobody else reads along (A.5.15)."""
    if is_stricter(Visibility.RESTRICTED, proposal.case.visibility):
        named = _could_be_named(proposal.situation, command)
        proposal.add(ev.VisibilitySet(visibility=Visibility.RESTRICTED, named=named))


def _name(proposal: Proposal, command: Assess) -> Reasons:
    """People named besides, as far as the category did not bring them in."""
    problems: Reasons = ()
    for person in command.named:
        if proposal.situation.of(person) not in proposal.case.holders(CaseRole.NAMED):
            problems += assign_role(proposal, AssignRole(role=CaseRole.NAMED, person=person))
    return problems


def set_severity(proposal: Proposal, command: SetSeverity) -> Reasons:
    """Set the severity by hand; one that the matrix does not give needs the reason."""
    situation = proposal.situation
    by_matrix = derived(situation)
    if command.severity is situation.case.severity:
        return (Reason(Code.ALREADY, subject="severity", found=command.severity.value),)
    if command.severity is not by_matrix and not command.reason:
        found = by_matrix.value if by_matrix else ""
        return (Reason(Code.NEEDS_REASON, "severity", found=found, remedy="severity"),)
    due = _deadlines(situation, {"severity": command.severity})
    fields = {"severity": command.severity, "derived": by_matrix, "reason": command.reason or None, **due}
    proposal.add(ev.SeveritySet.model_validate(fields))
    return ()
