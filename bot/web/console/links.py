"""Where a step leads: what only reads is a link, everything else is sent."""

import re
from typing import Final

from bot.chat.reply import Button

HOME: Final = "/"
INCIDENTS: Final = "/incidents"
CHANGES: Final = "/changes"
REPORT: Final = "/report"
_NUMBER: Final = re.compile(r"[A-Z-]+-\d{4}-\d+", re.ASCII)
_READS: Final = {"incident.status": INCIDENTS, "change.status": CHANGES}


def link_of(button: Button) -> str:
    """The address behind a button; empty for a step that has to be sent."""
    if button.url.startswith(("https://", "http://")):
        return button.url
    if button.action == "incident.report" and not button.value:
        return REPORT
    if button.action in _READS and _NUMBER.fullmatch(button.value):
        return f"{_READS[button.action]}/{button.value}"
    return ""
