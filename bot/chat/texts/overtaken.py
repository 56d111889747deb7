"""What somebody reads whose form was overtaken: another was faster, and nothing typed is lost."""

from typing import Final

from bot.chat.texts import common, terms
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.events import Recorded
from workflows.incident.events import Moved

_SHOWN: Final = 200
"""So many signs of an answer stand in a line; more of it stands apart."""


def assessed(t: Translator) -> str:
    """Above the form that comes back with what others put on record."""
    return t.gettext("Changed by others meanwhile; it stands in the form now. Please check, and send it again.")


def decided(t: Translator) -> str:
    """Above what others decided about the same matter."""
    return t.gettext("Others have decided on this meanwhile:")


def still(t: Translator) -> str:
    """Below it: the form holds what was typed."""
    return t.gettext("Nothing is recorded yet; what you entered stands in the form. If it still holds, send it again.")


def answered(t: Translator) -> str:
    """Above what others answered of a step."""
    return t.gettext("Answered by others meanwhile; that stands:")


def rest(t: Translator) -> str:
    """Below it: the form asks for the rest."""
    return t.gettext("Please check, and send the rest again.")


def yours(t: Translator) -> str:
    """Above what was typed into a form that cannot come back."""
    return t.gettext("What you entered, so that it is not lost:")


def line(t: Translator, label: str, now: str, yours: str, who: str, when: str) -> str:
    """One field: what somebody else decided, and what the reader had there."""
    text = t.gettext("{field}: {now} ({who}, {when}); with you: {yours}")
    there, own = common.one_line(now, _SHOWN), common.one_line(yours, _SHOWN)
    return f"• {text.format(field=label.rstrip('?'), now=there, who=who, when=when, yours=own)}"


def is_cut(yours: str) -> bool:
    """Whether such a line does not show all that somebody had there."""
    return common.one_line(yours, _SHOWN) != yours.strip()


def did(t: Translator, told: str, who: str, when: str) -> str:
    """One step of somebody else: what they did, in the words of the timeline."""
    text = t.gettext("{who}, {when}: {told}")
    return f"• {text.format(who=who, when=when, told=told)}"


def moved(x: Telling, item: Recorded) -> str:
    """A step of a phase that somebody else made before."""
    text = x.t.gettext(
        "{who} has brought {number} to {phase} already ({when}). What you entered is not recorded; here it is, to add "
        "what is missing."
    )
    to = item.event.to_state if isinstance(item.event, Moved) else x.case.state
    phase = terms.name(x.t, to)
    return text.format(who=x.who(item.by), number=x.case.number, phase=phase, when=x.when(item.at))
