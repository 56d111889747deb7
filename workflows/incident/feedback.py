"""Feedback on how a case went (A.5.27): from the review on, when those concerned look back on it."""

from workflows.decisions import Reason
from workflows.incident.codes import Code
from workflows.incident.feedback_commands import GiveFeedback
from workflows.incident.feedback_events import FeedbackGiven
from workflows.incident.situation import Proposal
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State


def too_early(case: IncidentCase) -> Reason | None:
    """Why there is nothing to look back on yet; None from the review on, and for what is closed or dismissed."""
    if case.state is State.REVIEW or not case.state.is_open:
        return None
    return Reason(Code.STILL_RUNNING, "feedback", found=case.state.value, remedy="note")


def give(proposal: Proposal, command: GiveFeedback) -> tuple[Reason, ...]:
    """Keep what somebody says about the process."""
    if not command.text:
        return (Reason(Code.NEEDS_TEXT, subject="feedback"),)
    proposal.add(FeedbackGiven(text=command.text))
    return ()
