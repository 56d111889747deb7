"""The console's own words: around what the conversation says."""

from dataclasses import dataclass

from config.i18n import Translator


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    skip: str
    pages: str
    home: str
    incidents: str
    report: str
    sign_out: str


def frame(t: Translator) -> Frame:
    """The words around a page."""
    return Frame(
        skip=t.gettext("Skip to the content"),
        pages=t.gettext("Pages"),
        home=t.gettext("Overview"),
        incidents=t.gettext("Incidents"),
        report=t.gettext("Report"),
        sign_out=t.gettext("Sign out"),
    )
