"""Labels and hints of the questions that are no exit criteria."""

from collections.abc import Mapping
from typing import Final

from config.i18n import Translator
from config.texts import _

LABELS: Final[Mapping[str, tuple[str, str]]] = {
    # report
    "what": (_("What happened?"), _("In your own words. This is enough for now.")),
    "affected": (_("What is affected?"), _("Device, system, product, customer.")),
    "occurred": (_("Since when?"), _("Left empty: now.")),
    "personal_data": (_("Personal data affected?"), _("“unknown” is fine; it can be settled later.")),
    "visibility": (
        _("Who may see it?"),
        _("Restricted: on-call, ISB and named people. Strictly confidential: only named."),
    ),
    "named": (_("Named people"), _("Strictly confidential needs at least two, one of them ISB, deputy or management.")),
    "reported_by": (_("Reported by"), _("Left empty: you. Otherwise whoever called or wrote to you.")),
    "reporter_name": (_("Or their name"), _("For somebody without an account here, such as a customer.")),
    "way": (_("How did it reach you?"), _("Left empty: directly.")),
    "special": (
        _("Anything special?"),
        _("Drills and cases entered afterwards are marked, and left out of every figure."),
    ),
    "scenario": (_("Scenario"), ""),
    # entered after the fact
    "detected": (_("When was it detected?"), ""),
    "reported": (_("When was it reported?"), ""),
    "was_drill": (_("Was it a drill?"), ""),
    "entered_contain": (_("When was it assessed?"), _("Left empty: as the step before.")),
    "entered_eradicate": (_("When was it contained?"), ""),
    "entered_recover": (_("When was its cause removed?"), _("Left empty: as the step before.")),
    "entered_review": (_("When was it over?"), _("Operation recovered; of a near miss, when it was averted.")),
    "entered_closed": (_("When was it closed?"), ""),
    "entered_dismissed": (_("When was that decided?"), ""),
    # assess
    "kind": (_("What is it?"), ""),
    "reason": (_("Why?"), _("One or two sentences that still make sense in a year.")),
    "category": (_("Category"), ""),
    "confidentiality": (_("Confidentiality"), _("“unknown” is enough; it counts as medium until it is settled.")),
    "integrity": (_("Integrity"), _("“unknown” is enough.")),
    "availability": (_("Availability"), _("“unknown” is enough.")),
    "authenticity": (_("Authenticity"), _("“unknown” is enough.")),
    "spread": (_("How far does it reach?"), ""),
    "severity": (_("Severity"), _("Only where it differs from what impact and reach give.")),
    "severity_reason": (_("Why this severity?"), _("Only needed for a severity of your own choice.")),
    "lead": (_("Incident lead"), _("Left empty: you.")),
    "duplicate_of": (_("Duplicate of"), _("Number of the other case, for example INC-2026-0042.")),
    # timeline, actions, tasks, evidence
    "text": (_("Text"), ""),
    "note": (_("What was observed or done?"), ""),
    "when": (_("When was that?"), _("Left empty: now.")),
    "corrects": (_("Corrects entry no."), _("Only for a correction. The first entry stays as it is.")),
    "update": (_("How do things stand?"), _("For everybody concerned: what is known, what happens next.")),
    "next_update": (_("Next update"), _("For example 2h, 30 min or 14:30. Left empty: as the severity asks.")),
    "action_kind": (_("What does the action serve?"), ""),
    "action": (_("What was done?"), _("What is still to be done is a task.")),
    "result": (_("With what result?"), ""),
    "task": (_("What is to be done?"), ""),
    "task_kind": (_("Kind of task"), ""),
    "issue": (
        _("Issue at GitHub or GitLab"),
        _("For example acme/shop#12, or its address. Closed there, the task is done."),
    ),
    "owner": (_("Who takes care of it?"), ""),
    "due": (_("Due on"), ""),
    "number": (_("No."), ""),
    "description": (_("What is it?"), _("So that somebody else recognises it.")),
    "source_system": (_("From which system?"), ""),
    "location": (_("Where was it originally?"), ""),
    "method": (_("How was it secured?"), _("Tool or procedure.")),
    "file_name": (_("File name"), ""),
    "storage": (_("Where is it kept now?"), ""),
    "sha256": (_("SHA-256"), _("64 characters, 0–9 and a–f.")),
    "access_class": (_("Who may open it?"), ""),
    "collected_by": (_("Secured by"), _("Left empty: you.")),
    "evidence_no": (_("Which evidence?"), _("For example EV-2026-0007.")),
    "finding": (_("What did the check show?"), ""),
    "effective": (_("Was it effective?"), ""),
    # roles, moves, overrides, duties, links
    "role": (_("Role"), ""),
    "person": (_("Person"), ""),
    "service_owner": (
        _("Service owner"),
        _("Gets a direct message with the question. The answer is recorded as theirs."),
    ),
    "stands": (_("How does it stand?"), _("What is open, what was tried.")),
    "next_step": (_("What is the next step?"), ""),
    "to": (_("Where to?"), ""),
    "override_reason": (_("Why can it not wait?"), _("What is missing becomes due and holds back closing.")),
    "decision": (_("Decision"), ""),
    "decision_reason": (_("Why?"), ""),
    "regime": (_("Which duty?"), ""),
    "required": (_("Does the duty apply?"), ""),
    "aware": (_("Aware since"), _("When the organisation became aware, for this duty.")),
    "reference": (_("Reference"), _("File number or confirmation of the authority.")),
    "filed": (_("Notified at"), _("Left empty: now.")),
    "linked": (_("Number"), _("For example CHG-2026-0117.")),
    "relation": (_("How does it belong here?"), _("Only “fixes” holds the recovery until it is in production.")),
    "feedback": (
        _("What was tedious, and what would help?"),
        _("Stands on the timeline with your name, in the lessons of a period without."),
    ),
    # changes
    "title": (_("Title"), _("What changes, in one line.")),
    "change_description": (_("What changes, and why?"), ""),
    "change_affected": (_("Affected assets"), _("Separated by commas.")),
    "security": (_("Security requirement"), _("Or “none”, with the reason.")),
    "rollback": (_("Way back"), _("How it is undone. Needed from medium risk on.")),
    "factors": (_("Does any of this apply?"), ""),
    "change_kind": (_("Kind of change"), ""),
    "change_owner": (_("Owner"), _("Left empty: you.")),
    "risk": (_("Risk"), ""),
    "environment": (_("Environment"), ""),
    "requirement": (_("Which requirement?"), ""),
    "scope": (_("For what?"), ""),
    "measure": (_("What compensates for it?"), ""),
    "waiver_owner": (_("Who answers for it?"), ""),
    "expires": (_("Until when?"), _("It ends by itself.")),
    "incident": (_("Which case does it belong to?"), _("Number of any case. Left empty: a report is opened.")),
    "request": (_("Which request?"), ""),
    "account": (_("What happened, and why past the gate?"), ""),
    "justified": (_("Was it justified?"), ""),
    "prevention": (_("What would have prevented it?"), _("About the process, not about a person.")),
    "follow_up": (_("What follows from it?"), _("Task or number of a case; may stay empty.")),
    "settlement": (_("How is it settled?"), _("Accepting a risk takes whoever answers for it.")),
    "failed": (_("Did it fail?"), ""),
    "settle_note": (_("What shows it, or why is it accepted?"), ""),
    # exit criteria
    "answer": (_("Answer"), ""),
    "skip": (_("Does one of them not apply?"), _("It counts as answered; whoever closes sees it with the reason.")),
    "skip_because": (_("Why does it not apply?"), ""),
}
"""Field id to label and hint."""

TITLES: Final[Mapping[str, str]] = {
    "incident.report": _("Report an incident"),
    "incident.backfill": _("Enter afterwards"),
    "incident.assess": _("Assess"),
    "incident.contain": _("Contain"),
    "incident.eradicate": _("Eradicate"),
    "incident.recover": _("Recover"),
    "incident.review": _("Review"),
    "incident.close": _("Close"),
    "incident.dismiss": _("Not an incident"),
    "incident.walk": _("All remaining phases"),
    "incident.back": _("Go back"),
    "incident.reopen": _("Open again"),
    "incident.note": _("Add to timeline"),
    "incident.update": _("Tell how it stands"),
    "incident.action": _("Record an action"),
    "incident.corrective": _("Corrective action"),
    "incident.corrective_done": _("Corrective action done"),
    "incident.corrective_check": _("Check the effect"),
    "incident.task": _("Open a task"),
    "incident.task_done": _("Task done"),
    "incident.task_give": _("Hand a task on"),
    "incident.corrective_give": _("Hand an action on"),
    "incident.task_link": _("Follow an issue"),
    "incident.evidence": _("Record evidence"),
    "incident.disposal_ask": _("Destroy evidence"),
    "incident.disposal_withdraw": _("Withdraw the request"),
    "incident.disposal_refuse": _("Refuse to destroy it"),
    "incident.role": _("Give a role"),
    "incident.role_remove": _("Take a role away"),
    "incident.handover": _("Hand the lead over"),
    "incident.handover_decline": _("Why not?"),
    "incident.agreement": _("Ask the service owner"),
    "incident.agreement_not_yet": _("Why not yet?"),
    "incident.severity": _("Set the severity"),
    "incident.restrict": _("Who may see it?"),
    "incident.override": _("Ask for an override"),
    "incident.override_decide": _("Decide an override"),
    "incident.duty": _("Duty to notify"),
    "incident.duty_filed": _("Notification sent"),
    "incident.link": _("Link"),
    "incident.link_remove": _("Untie a link"),
    "incident.feedback": _("Feedback"),
    "change.plan": _("Plan a change"),
    "change.amend": _("Answer the plan"),
    "change.object": _("Object to the plan"),
    "change.risk": _("Set the risk"),
    "change.deploy": _("Approve a deployment"),
    "change.waive": _("Ask for a waiver"),
    "change.cancel": _("Cancel the change"),
    "change.link": _("Link"),
    "change.emergency": _("Emergency"),
    "change.emergency_end": _("End the emergency"),
    "change.review": _("Retrospective review"),
    "change.rollback": _("Record a rollback"),
    "change.deployed": _("Record a deployment"),
    "change.settle": _("Settle what is due"),
}
"""Form id to title; at most 24 characters in either language, so that Slack need not cut it."""


def one_reporter(t: Translator) -> str:
    """Two were named as who reported it."""
    return t.gettext("Either a person or a name, not both.")


def label(t: Translator, field: str) -> str:
    """The question."""
    return t.gettext(LABELS[field][0])


def hint(t: Translator, field: str) -> str:
    """What helps to answer it; empty for none."""
    found = LABELS[field][1]
    return t.gettext(found) if found else ""


def title(t: Translator, form_id: str) -> str:
    """The title of a form."""
    return t.gettext(TITLES[form_id])
