"""The console's own words: around what the conversation says."""

from dataclasses import dataclass

from bot.chat.texts import common
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
    required: str
    several: str
    choose: str
    check: str
    phases: str
    passed: str
    further_steps: str
    timeline: str
    receipt: str
    earlier: str
    to_the_case: str
    only_open: str
    closed_too: str
    further: str
    none_open: str


def frame(t: Translator) -> Frame:
    """The words around a page."""
    return Frame(
        skip=t.gettext("Skip to the content"),
        pages=t.gettext("Pages"),
        home=t.gettext("Overview"),
        incidents=t.gettext("Incidents"),
        report=t.gettext("Report"),
        sign_out=t.gettext("Sign out"),
        required=t.gettext("required"),
        several=t.gettext("several can be chosen"),
        choose=t.gettext("Choose"),
        check=t.gettext("Not recorded yet. Please check:"),
        phases=t.gettext("Phases"),
        passed=t.gettext("done"),
        further_steps=t.gettext("Further steps"),
        timeline=t.gettext("Timeline"),
        receipt=t.gettext("Receipt"),
        earlier=t.gettext("Earlier entries"),
        to_the_case=t.gettext("To the page of {number}"),
        only_open=t.gettext("Open ones"),
        closed_too=t.gettext("All, also closed"),
        further=t.gettext("Next page"),
        none_open=common.no_cases(t),
    )


def nothing_here(t: Translator) -> tuple[str, str]:
    """Title and sentence where there is no page, and where there is one for others only: the same."""
    return t.gettext("Nothing to show here"), common.nothing_to_show(t, "")


def later(t: Translator) -> tuple[str, str]:
    """Title and sentence while the database does not answer."""
    return t.gettext("Not just now"), t.gettext(
        "The database does not answer. Please reload this page in a minute; nothing is recorded twice."
    )


def unexpected(t: Translator, reference: str) -> tuple[str, str]:
    """Title and sentence for a fault of ours; it may have come after the step was recorded."""
    text = t.gettext(
        "The fault is ours. Reloading this page tries again; nothing is recorded twice. Reference: {reference}"
    )
    return t.gettext("That went wrong"), text.format(reference=reference)


def not_taken(t: Translator) -> tuple[str, str]:
    """Title and sentence for a body that no form of the console sends."""
    return t.gettext("Not recorded"), t.gettext(
        "The form arrived incomplete, or there was more in it than fits. Please shorten the text and send it again."
    )


def not_sent(t: Translator) -> tuple[str, str]:
    """Title and sentence for a form of somebody whose session is over; what they typed stands below."""
    return t.gettext("Not recorded: you are not signed in any more"), t.gettext(
        "What you typed stands below, to be copied. Please sign in and send it again."
    )


def foreign(t: Translator) -> tuple[str, str]:
    """Title and sentences for a step that no page of the console sent; a proxy may only make it look so."""
    return t.gettext("Not taken"), t.gettext(
        "This came from a page that does not belong to the console, so nothing was done. If you meant it yourself: "
        "please open the console and send it from there. If that does not help, a proxy or an extension of the "
        "browser hides where it comes from (docs/console.md)."
    )
