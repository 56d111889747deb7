"""Words about messages that were put on a timeline, and about evidence that is not what it was."""

from config.i18n import Translator
from workflows.incident.evidence_events import EvidenceChecked
from workflows.incident.evidence_terms import CheckResult
from workflows.incident.state import IncidentCase


def refused(t: Translator) -> str:
    """To whoever put a pushpin where they may not."""
    return t.gettext("Not on the timeline: whoever works on the case can put messages there, while it is open.")


def told_author(t: Translator, number: str) -> str:
    """To whoever wrote the message; without the number for those who may not see the case."""
    if not number:
        return t.gettext("A message of yours is now on record. Is something wrong with it? Please say so there.")
    text = t.gettext("Your message is now on the timeline of {number}. Is something wrong? You can add a correction.")
    return text.format(number=number)


def not_yours(t: Translator) -> str:
    """There are open cases, but none of them takes it from whoever used the shortcut."""
    return t.gettext("There is no open case that you may add this to. As a note it works: `note 42 …`.")


def no_file(t: Translator) -> str:
    """Somebody wants to preserve a message without a file."""
    return t.gettext("This message has no file. “Add to timeline” keeps its words.")


def correct(t: Translator) -> str:
    """Opens the form for a correction."""
    return t.gettext("Correct it")


def finding(t: Translator, case: IncidentCase, event: EvidenceChecked) -> str:
    """To oversight: what a check of kept evidence found."""
    item = next((one for one in case.evidence if one.no == event.no), None)
    name = item.number if item is not None and item.number else f"#{event.no}"
    text = t.gettext("Finding: evidence {evidence} of {number} was altered. Please look at it today.")
    if event.result is CheckResult.MISSING:
        text = t.gettext("Finding: evidence {evidence} of {number} is missing. Please look at it today.")
    return text.format(evidence=name, number=case.number)
