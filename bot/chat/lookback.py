"""What a closed case offers: its report, and the question how it went."""

from bot.chat.reply import Button, Paragraph
from bot.chat.texts import exports, feedback, next_steps
from config.i18n import Translator
from config.policy.ids import Visibility
from workflows.incident.state import IncidentCase


def asked(t: Translator, case: IncidentCase) -> Paragraph:
    """The question, with the button that opens the form for it, and beside it the one that gives the report.

    A sealed case has no such button: its report does not go through Slack.
    """
    action, sealed = "incident.feedback", case.visibility is Visibility.SEALED
    report = () if sealed else (Button("incident.export", exports.label(t), case.number),)
    return Paragraph(feedback.question(t), (*report, Button(action, next_steps.label(t, action), case.number)))
