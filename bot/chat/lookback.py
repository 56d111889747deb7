"""Asks for feedback when a case is closed."""

from bot.chat.reply import Button, Paragraph
from bot.chat.texts import feedback, next_steps
from config.i18n import Translator
from workflows.incident.state import IncidentCase


def asked(t: Translator, case: IncidentCase) -> Paragraph:
    """The question, with the button that opens the form for it."""
    action = "incident.feedback"
    return Paragraph(feedback.question(t), (Button(action, next_steps.label(t, action), case.number),))
