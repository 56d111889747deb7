"""The forms about incidents that are no exit of a phase."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.chat.forms import disposal, issue_link, passing, reporting, taking_back
from bot.chat.forms.life_ask import special
from bot.chat.forms.questions import Questions
from bot.chat.forms.reading import NO
from bot.chat.reply import Form
from bot.chat.roles import CASE_ROLES
from bot.chat.texts import agreement as texts
from bot.chat.texts import next_steps
from config.i18n import Translator
from config.policy.ids import CaseRole, Impact, Role, Severity, Spread, Visibility
from workflows.events import IdentityData
from workflows.incident.moves import ways_back
from workflows.incident.overrides import overridable
from workflows.incident.state import IncidentCase
from workflows.incident.terms import ActionKind, Goal, Kind, PersonalData, Relation, State, TaskKind

ASSESSABLE: Final = tuple(kind for kind in Kind if kind is not Kind.EVENT)
GRANT: Final = "grant"


def decisions(t: Translator) -> Mapping[str, str]:
    """What is decided on an override, and how people call it."""
    return {GRANT: next_steps.grant(t), "deny": next_steps.refuse(t)}


def report(q: Questions) -> Form:
    """One required question, the others may stay open (A.6.8)."""
    asked = (
        q.text("what", required=True),
        q.line("affected"),
        q.moment("occurred"),
        q.choice("personal_data", PersonalData),
        q.choice("visibility", Visibility),
        q.people("named"),
        *reporting.asked(q),
        special(q),
    )
    return q.form("incident.report", asked, submit=q.t.gettext("Report"))


def assess(q: Questions, case: IncidentCase) -> Form:
    """The whole assessment (A.5.25), with what is known already."""
    q = _with(q, known(case))
    goals = [q.choice(goal.value, Impact) for goal in Goal]
    asked = (
        q.choice("kind", ASSESSABLE),
        q.text("reason"),
        q.listed("category", q.policy.categories),
        q.people("named"),
        *goals,
        q.choice("spread", Spread),
        q.choice("personal_data", PersonalData),
        q.line("affected"),
        q.choice("severity", Severity),
        q.line("severity_reason"),
        q.person("lead"),
        q.line("duplicate_of"),
    )
    return q.form("incident.assess", asked, case=case.number)


def known(case: IncidentCase) -> Mapping[str, str]:
    """The assessment on record, by field; only what is known."""
    found = {goal.value: impact.value for goal, impact in case.impact.items()}
    found |= {
        "kind": case.kind.value if case.kind is not Kind.EVENT else "",
        "category": case.category if isinstance(case.category, str) else "",
        "spread": case.spread.value if case.spread else "",
        "personal_data": case.personal_data.value if case.personal_data else "",
        "affected": case.affected if isinstance(case.affected, str) else "",
    }
    return found


def back(q: Questions, case: IncidentCase) -> Form:
    """Back, with a reason; for a closed or dismissed case: open it again."""
    if not case.state.is_open:
        return q.form("incident.reopen", (q.text("reason", required=True),), case=case.number)
    targets = ways_back(case.state, near_miss=case.kind is Kind.NEAR_MISS)
    q = _with(q, {"to": targets[0].value} if len(targets) == 1 else {})
    asked = (q.choice("to", targets, required=True), q.text("reason", required=True))
    return q.form("incident.back", asked, case=case.number)


def note(q: Questions, case: IncidentCase) -> Form:
    """A note on the timeline."""
    asked = (q.text("note", required=True), q.moment("when"), q.line("corrects"))
    return q.form("incident.note", asked, case=case.number)


def update(q: Questions, case: IncidentCase) -> Form:
    """How things stand."""
    asked = (q.text("update", required=True), q.line("next_update"))
    return q.form("incident.update", asked, case=case.number)


def action(q: Questions, case: IncidentCase) -> Form:
    """A response action that was done, of the kind of the phase unless said otherwise. What is planned is a task."""
    phase = {State.ERADICATE: ActionKind.ERADICATION, State.RECOVER: ActionKind.RECOVERY}
    q = _with(q, {"action_kind": phase.get(case.state, ActionKind.CONTAINMENT).value})
    asked = (
        q.text("action", required=True),
        q.choice("action_kind", ActionKind, required=True),
        q.text("result", required=True),
        q.moment("when"),
    )
    return q.form("incident.action", asked, case=case.number)


def corrective(q: Questions, case: IncidentCase) -> Form:
    """A corrective action (10.2)."""
    asked = (q.text("task", required=True), q.person("owner", required=True), q.day("due", required=True))
    return q.form("incident.corrective", asked, case=case.number)


def corrective_done(q: Questions, case: IncidentCase) -> Form:
    """A corrective action is done."""
    asked = (q.line("number", required=True), q.text("result", required=True))
    return q.form("incident.corrective_done", asked, case=case.number)


def corrective_check(q: Questions, case: IncidentCase) -> Form:
    """Whether a corrective action was effective; where it was not, what the check showed."""
    finding = q.text("finding", required=q.values.get("effective") == NO)
    asked = (q.line("number", required=True), q.yes_no("effective", required=True), finding)
    return q.form("incident.corrective_check", asked, case=case.number)


def task(q: Questions, case: IncidentCase) -> Form:
    """Something to do."""
    q = _with(q, {"task_kind": TaskKind.GENERAL.value})
    asked = (
        q.text("task", required=True),
        q.person("owner"),
        q.day("due"),
        q.choice("task_kind", TaskKind),
        q.line("issue"),
    )
    return q.form("incident.task", asked, case=case.number)


def task_done(q: Questions, case: IncidentCase) -> Form:
    """A task is done."""
    return q.form("incident.task_done", (q.line("number", required=True), q.text("result")), case=case.number)


def evidence(q: Questions, case: IncidentCase) -> Form:
    """Evidence kept (A.5.28)."""
    lines = ("source_system", "location", "method", "file_name", "storage", "sha256")
    asked = (
        q.text("description", required=True),
        *(q.line(one) for one in lines),
        q.listed("access_class", q.policy.evidence_access),
        q.person("collected_by"),
        q.moment("when"),
    )
    return q.form("incident.evidence", asked, case=case.number)


def role(q: Questions, case: IncidentCase) -> Form:
    """Give a role in this case."""
    asked = (q.choice("role", CASE_ROLES, required=True), q.person("person", required=True))
    return q.form("incident.role", asked, case=case.number)


def handover(q: Questions, case: IncidentCase) -> Form:
    """Hand the lead over."""
    asked = (q.person("person", required=True), q.text("stands", required=True), q.line("next_step"))
    return q.form("incident.handover", asked, case=case.number)


def handover_decline(q: Questions, case: IncidentCase) -> Form:
    """Say why one does not lead."""
    return q.form("incident.handover_decline", (q.text("reason", required=True),), case=case.number)


def agreement(q: Questions, case: IncidentCase) -> Form:
    """Ask a service owner: one of those of the policy; the only one, or the one named in the case, is offered."""
    owners = {one.id: texts.name(q.t, q.policy, one) for one in q.policy.holders(Role.SERVICE_OWNER)}
    named = [one.id for one in map(case.people.get, case.holders(CaseRole.NAMED)) if isinstance(one, IdentityData)]
    likely = [one for one in named if one in owners] or list(owners)
    q = _with(q, {"service_owner": likely[0]} if len(likely) == 1 else {})
    asked = q.labelled("service_owner", owners, required=True) if owners else q.person("service_owner", required=True)
    return q.form("incident.agreement", (asked,), case=case.number)


def agreement_not_yet(q: Questions, case: IncidentCase) -> Form:
    """Say why one does not agree yet."""
    return q.form("incident.agreement_not_yet", (q.text("reason", required=True),), case=case.number)


def severity(q: Questions, case: IncidentCase) -> Form:
    """Set the severity."""
    asked = (q.choice("severity", Severity, required=True), q.line("severity_reason"))
    return q.form("incident.severity", asked, case=case.number)


def restrict(q: Questions, case: IncidentCase) -> Form:
    """Who may see the case (A.5.15)."""
    stricter = Visibility.SEALED if case.visibility is Visibility.RESTRICTED else Visibility.RESTRICTED
    q = _with(q, {"visibility": stricter.value})
    asked = (q.choice("visibility", Visibility, required=True), q.people("named"), q.text("reason"))
    return q.form("incident.restrict", asked, case=case.number)


def override(q: Questions, case: IncidentCase) -> Form:
    """Ask to move on although something is missing. There is one step that this can be."""
    to = overridable(case)
    possible = (to,) if to is not None else ()
    q = replace(q, values={**q.values, "to": "".join(possible)})
    asked = (q.choice("to", possible, required=True), q.text("override_reason", required=True))
    return q.form("incident.override", asked, case=case.number)


def override_decide(q: Questions, case: IncidentCase) -> Form:
    """Grant or deny an override."""
    asked = (q.labelled("decision", decisions(q.t), required=True), q.text("decision_reason", required=True))
    return q.form("incident.override_decide", asked, case=case.number)


def duty(q: Questions, case: IncidentCase) -> Form:
    """Decide whether a duty to notify applies."""
    asked = (
        q.listed("regime", q.policy.regimes, required=True),
        q.yes_no("required", required=True),
        q.text("reason"),
        q.moment("aware"),
    )
    return q.form("incident.duty", asked, case=case.number)


def duty_filed(q: Questions, case: IncidentCase) -> Form:
    """A notification was sent."""
    asked = (q.listed("regime", q.policy.regimes, required=True), q.line("reference", required=True), q.moment("filed"))
    return q.form("incident.duty_filed", asked, case=case.number)


def link(q: Questions, case: IncidentCase) -> Form:
    """Tie a change to the case."""
    q = _with(q, {"relation": Relation.FIXES.value})
    asked = (q.line("linked", required=True), q.choice("relation", Relation, required=True))
    return q.form("incident.link", asked, case=case.number)


def feedback(q: Questions, case: IncidentCase) -> Form:
    """How it went (A.5.27)."""
    return q.form("incident.feedback", (q.text("feedback", required=True),), case=case.number)


def _with(q: Questions, known: Mapping[str, str]) -> Questions:
    """Questions with these answers offered, where nothing else was given."""
    given = {key: value for key, value in q.values.items() if value}
    return replace(q, values={**known, **given})


ASK: Final[Mapping[str, Callable[[Questions, IncidentCase], Form]]] = {
    "incident.assess": assess,
    "incident.back": back,
    "incident.reopen": back,
    "incident.note": note,
    "incident.update": update,
    "incident.action": action,
    "incident.corrective": corrective,
    "incident.corrective_done": corrective_done,
    "incident.corrective_check": corrective_check,
    "incident.task": task,
    "incident.task_done": task_done,
    passing.TASK: passing.ask_task,
    passing.CORRECTIVE: passing.ask_corrective,
    "incident.task_link": issue_link.ask,
    "incident.evidence": evidence,
    **disposal.ASKS,
    "incident.role": role,
    taking_back.ROLE: taking_back.ask_role,
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
    taking_back.LINK: taking_back.ask_link,
    "incident.feedback": feedback,
}
"""Form id to the function that builds it."""
