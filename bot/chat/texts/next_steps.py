"""Labels of buttons: the next step in two or three words."""

from collections.abc import Mapping
from typing import Final

from config.i18n import Translator
from config.texts import _

LABELS: Final[Mapping[str, str]] = {
    "incident.report": _("Report an incident"),
    "incident.status": _("Show"),
    "incident.talk": _("Open in Slack"),
    "incident.ack": _("I look after it"),
    "incident.cant": _("I cannot now"),
    "incident.urgent": _("It cannot wait"),
    "incident.assess": _("Assess"),
    "incident.contain": _("On to Contain"),
    "incident.eradicate": _("On to Eradicate"),
    "incident.recover": _("On to Recover"),
    "incident.review": _("On to Review"),
    "incident.close": _("Close"),
    "incident.drill": _("Drill"),
    "incident.walk": _("All remaining phases"),
    "incident.update": _("How it stands"),
    "incident.note": _("Note"),
    "incident.action": _("Record an action"),
    "incident.evidence": _("Record evidence"),
    "incident.task": _("Task"),
    "incident.link": _("Link"),
    "incident.duty": _("Decide"),
    "incident.confirm": _("Confirm"),
    "incident.override": _("Ask for an override"),
    "incident.back": _("Go back"),
    "incident.help": _("Help"),
    "incident.role": _("Give a role"),
    "incident.handover": _("Hand the lead over"),
    "incident.agreement": _("Ask the service owner"),
    "incident.restrict": _("Who may see it?"),
    "incident.feedback": _("Feedback"),
    "change.plan": _("Answer the plan"),
    "change.status": _("Show"),
    "change.approve": _("Approve"),
    "change.risk": _("Set the risk"),
    "change.waive": _("Ask for a waiver"),
    "change.emergency": _("Emergency"),
    "change.review": _("Hold the review"),
    "change.deploy": _("May it go there?"),
    "change.rollback": _("It went back"),
    "change.settle": _("Settle what is due"),
    "change.help": _("Help"),
}
"""Action id to label."""


def label(t: Translator, action: str) -> str:
    """What stands on the button."""
    return t.gettext(LABELS[action])


def take_lead(t: Translator) -> str:
    """Takes the lead."""
    return t.gettext("I take it")


def as_note(t: Translator) -> str:
    """Puts what was typed onto the timeline."""
    return t.gettext("As a note")


def i_lead(t: Translator) -> str:
    """Takes the lead of a case that nobody leads."""
    return t.gettext("I lead")


def i_write(t: Translator) -> str:
    """Becomes the scribe of a case that has none."""
    return t.gettext("I write the log")


def done(t: Translator) -> str:
    """Ends a task or a corrective action."""
    return t.gettext("Done")


def lead_from_here(t: Translator) -> str:
    """Accepts the lead."""
    return t.gettext("I take the lead")


def not_lead(t: Translator) -> str:
    """Declines the lead."""
    return t.gettext("I cannot lead")


def agree(t: Translator) -> str:
    """Agrees as service owner."""
    return t.gettext("I agree")


def agree_not_yet(t: Translator) -> str:
    """Asks why a service owner does not agree yet."""
    return t.gettext("Not yet, because …")


def grant(t: Translator) -> str:
    """Grants what somebody else asked for."""
    return t.gettext("Grant")


def deny(t: Translator) -> str:
    """Denies what somebody else asked for."""
    return t.gettext("Do not grant")


def refuse(t: Translator) -> str:
    """The opposite of granting."""
    return t.gettext("Refuse")


def withdraw(t: Translator) -> str:
    """Takes back what was asked for."""
    return t.gettext("Withdraw")


def approve_plan(t: Translator) -> str:
    """Approves a plan."""
    return t.gettext("Approve the plan")


def why_back(t: Translator) -> str:
    """Asks why an environment went back."""
    return t.gettext("Say why")


def approve_deploy(t: Translator, environment: str) -> str:
    """Approves a deployment."""
    return t.gettext("Approve for {environment}").format(environment=environment)


def confirm_emergency(t: Translator) -> str:
    """Agrees to an emergency as the second person."""
    return t.gettext("Confirm the emergency")
