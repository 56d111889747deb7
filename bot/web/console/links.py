"""Where a step leads: what only reads is a link, everything else is sent."""

from typing import Final

from bot.chat.reply import Button

HOME: Final = "/"
INCIDENTS: Final = "/incidents"
CHANGES: Final = "/changes"
REPORT: Final = "/report"
_READS: Final = {"incident.status": INCIDENTS, "change.status": CHANGES}


def link_of(button: Button) -> str:
    """The address behind a button; empty for a step that has to be sent."""
    if button.url.startswith(("https://", "http://")):
        return button.url
    if button.action == "incident.report" and not button.value:
        return REPORT
    single = button.value and not set(button.value) & set(" /?#%")
    return f"{_READS[button.action]}/{button.value}" if button.action in _READS and single else ""
