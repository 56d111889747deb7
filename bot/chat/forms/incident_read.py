"""Reading of the incident forms as commands."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.chat.forms import disposal, issue_link, passing, reporting, taking_back
from bot.chat.forms.incident_ask import GRANT, decisions
from bot.chat.forms.life_ask import DRILL, PAGE
from bot.chat.forms.life_read import backfill, drill_marks
from bot.chat.forms.reading import Reading
from bot.chat.forms.soon import read_next
from bot.chat.roles import CASE_ROLES, ROLE_WORDS
from bot.chat.texts import common, fields
from bot.chat.verbs import Topic
from config.policy.ids import CaseRole, Impact, Severity, Spread, Visibility
from workflows.commands import Command
from workflows.incident import commands as c
from workflows.incident.feedback_commands import GiveFeedback
from workflows.incident.handover_commands import DeclineHandover, OfferHandover
from workflows.incident.owner_commands import AgreeNotYet, AskOwner
from workflows.incident.task_commands import OpenIssueTask
from workflows.incident.terms import ActionKind, Kind, PersonalData, Relation, State, TaskKind

_SHA256: Final = re.compile(r"^[0-9a-f]{64}$")


def report(a: Reading, _case: str) -> Command:
    """Open a case."""
    marks = drill_marks(a)
    return c.Report(
        what=a.text("what", required=True),
        affected=a.text("affected"),
        occurred=a.when("occurred"),
        personal_data=a.choice("personal_data", PersonalData),
        visibility=a.choice("visibility", Visibility) or Visibility.TEAM,
        named=a.people("named"),
        **reporting.told_by(a),
        drill=DRILL in marks,
        page=PAGE in marks,
    )


def assess(a: Reading, case: str) -> c.Assess:
    """Assess, in whole or in part."""
    return c.Assess(
        case=case,
        kind=a.choice("kind", Kind),
        reason=a.text("reason"),
        category=a.listed("category", a.policy.categories),
        named=a.people("named"),
        confidentiality=a.choice("confidentiality", Impact),
        integrity=a.choice("integrity", Impact),
        availability=a.choice("availability", Impact),
        authenticity=a.choice("authenticity", Impact),
        spread=a.choice("spread", Spread),
        severity=a.choice("severity", Severity),
        severity_reason=a.text("severity_reason"),
        lead=a.person("lead"),
        personal_data=a.choice("personal_data", PersonalData),
        affected=a.text("affected"),
        duplicate_of=a.case_number("duplicate_of", Topic.INCIDENT),
    )


def back(a: Reading, case: str) -> Command:
    """Return to an earlier phase."""
    to = a.choice("to", State, required=True) or State.IDENTIFY
    return c.GoBack(case=case, to=to, reason=a.text("reason", required=True))


def reopen(a: Reading, case: str) -> Command:
    """Take a case up again."""
    return c.Reopen(case=case, reason=a.text("reason", required=True))


def note(a: Reading, case: str) -> Command:
    """Add to the timeline."""
    return c.Note(case=case, text=a.text("note", required=True), occurred=a.when("when"), corrects=a.number("corrects"))


def update(a: Reading, case: str) -> Command:
    """Tell how things stand."""
    typed = a.text("next_update")
    following = read_next(typed, a.policy.zone, a.now) if typed else None
    if typed and following is None:
        a.fail("next_update", common.no_such_time(a.t))
    return c.Update(case=case, text=a.text("update", required=True), next_update=following)


def action(a: Reading, case: str) -> Command:
    """A response action."""
    return c.RecordAction(
        case=case,
        kind=a.choice("action_kind", ActionKind, required=True) or ActionKind.CONTAINMENT,
        text=a.text("action", required=True),
        result=a.text("result", required=True),
        occurred=a.when("when"),
    )


def corrective(a: Reading, case: str) -> Command:
    """A corrective action."""
    due = a.due("due", required=True)
    owner, text = a.someone("owner"), a.text("task", required=True)
    return c.OpenCorrective(case=case, text=text, owner=owner, due=due or a.now)


def corrective_done(a: Reading, case: str) -> Command:
    """A corrective action is done."""
    return c.FinishCorrective(case=case, no=a.one_number("number"), result=a.text("result", required=True))


def corrective_check(a: Reading, case: str) -> Command:
    """The check of its effect."""
    effective = a.flag("effective", required=True) is True
    finding = a.text("finding", required=not effective)
    return c.CheckCorrective(case=case, no=a.one_number("number"), effective=effective, finding=finding)


def task(a: Reading, case: str) -> Command:
    """Something to do, which may follow an issue of a forge."""
    text, kind = a.text("task", required=True), a.choice("task_kind", TaskKind) or TaskKind.GENERAL
    owner, due, issue = a.person("owner"), a.due("due"), issue_link.issue(a)
    if not a.given("owner"):
        text, owner = a.named_behind(text)
    if issue is not None:
        return OpenIssueTask(case=case, text=text, kind=kind, owner=owner, due=due, issue=issue)
    return c.OpenTask(case=case, text=text, kind=kind, owner=owner, due=due)


def task_done(a: Reading, case: str) -> Command:
    """A task is done."""
    return c.FinishTask(case=case, no=a.one_number("number"), result=a.text("result"))


def evidence(a: Reading, case: str) -> Command:
    """Evidence kept."""
    digest = a.text("sha256").lower()
    if digest and not _SHA256.match(digest):
        a.fail("sha256", fields.hint(a.t, "sha256"))
    return c.RecordEvidence(
        case=case,
        description=a.text("description", required=True),
        source_system=a.text("source_system"),
        location=a.text("location"),
        method=a.text("method"),
        file_name=a.text("file_name"),
        storage=a.text("storage"),
        sha256=digest,
        access_class=a.listed("access_class", a.policy.evidence_access),
        collected_by=a.person("collected_by"),
        occurred=a.when("when"),
    )


def role(a: Reading, case: str) -> Command:
    """Give a role."""
    wanted = a.among("role", CASE_ROLES, required=True, words=ROLE_WORDS) or CaseRole.NAMED
    vacant = a.text("vacant") == "yes"
    return c.AssignRole(case=case, role=wanted, person=a.someone("person"), vacant=vacant)


def handover(a: Reading, case: str) -> Command:
    """Hand the lead over."""
    stands = a.text("stands", required=True)
    return OfferHandover(case=case, person=a.someone("person"), stands=stands, next_step=a.text("next_step"))


def agreement(a: Reading, case: str) -> Command:
    """Ask a service owner."""
    return AskOwner(case=case, person=a.someone("service_owner"))


def agreement_not_yet(a: Reading, case: str) -> Command:
    """Say why one does not agree yet."""
    return AgreeNotYet(case=case, reason=a.text("reason", required=True))


def handover_decline(a: Reading, case: str) -> Command:
    """Say why one does not lead."""
    return DeclineHandover(case=case, reason=a.text("reason", required=True))


def severity(a: Reading, case: str) -> Command:
    """Set the severity."""
    wanted = a.choice("severity", Severity, required=True) or Severity.S4
    return c.SetSeverity(case=case, severity=wanted, reason=a.text("severity_reason"))


def restrict(a: Reading, case: str) -> Command:
    """Tighten or loosen who may see the case."""
    wanted = a.choice("visibility", Visibility, required=True) or Visibility.RESTRICTED
    return c.SetVisibility(case=case, visibility=wanted, named=a.people("named"), reason=a.text("reason"))


def override(a: Reading, case: str) -> Command:
    """Ask for an override."""
    to = a.choice("to", State, required=True) or State.CONTAIN
    return c.RequestOverride(case=case, to=to, reason=a.text("override_reason", required=True))


def override_decide(a: Reading, case: str) -> Command:
    """Grant or deny an override."""
    granted = a.labelled("decision", decisions(a.t), required=True) == GRANT
    decide = c.GrantOverride if granted else c.DenyOverride
    return decide(case=case, reason=a.text("decision_reason", required=True))


def duty(a: Reading, case: str) -> Command:
    """Decide on a duty to notify."""
    return c.DecideDuty(
        case=case,
        regime=a.listed("regime", a.policy.regimes, required=True),
        required=a.flag("required", required=True) is not False,
        reason=a.text("reason"),
        aware=a.when("aware"),
    )


def duty_filed(a: Reading, case: str) -> Command:
    """A notification was sent."""
    regime = a.listed("regime", a.policy.regimes, required=True)
    return c.FileDuty(case=case, regime=regime, reference=a.text("reference", required=True), filed=a.when("filed"))


def link(a: Reading, case: str) -> Command:
    """Tie a change to the case."""
    relation = a.choice("relation", Relation) or Relation.RELATED
    number = a.case_number("linked", Topic.CHANGE, Topic.INCIDENT, required=True)
    return c.LinkChange(case=case, number=number, relation=relation)


def feedback(a: Reading, case: str) -> Command:
    """How it went."""
    return GiveFeedback(case=case, text=a.text("feedback", required=True))


READ: Final[Mapping[str, Callable[[Reading, str], Command]]] = {
    "incident.report": report,
    "incident.backfill": backfill,
    "incident.assess": assess,
    "incident.back": back,
    "incident.reopen": reopen,
    "incident.note": note,
    "incident.update": update,
    "incident.action": action,
    "incident.corrective": corrective,
    "incident.corrective_done": corrective_done,
    "incident.corrective_check": corrective_check,
    "incident.task": task,
    "incident.task_done": task_done,
    passing.TASK: passing.read_task,
    passing.CORRECTIVE: passing.read_corrective,
    "incident.task_link": issue_link.read,
    "incident.evidence": evidence,
    **disposal.READS,
    "incident.role": role,
    taking_back.ROLE: taking_back.read_role,
    "incident.handover": handover,
    "incident.handover_decline": handover_decline,
    "incident.agreement": agreement,
    "incident.agreement_not_yet": agreement_not_yet,
    "incident.severity": severity,
    "incident.restrict": restrict,
    "incident.override": override,
    "incident.override_decide": override_decide,
    "incident.duty": duty,
    "incident.duty_filed": duty_filed,
    "incident.link": link,
    taking_back.LINK: taking_back.read_link,
    "incident.feedback": feedback,
}
"""Form id to the function that reads it."""
