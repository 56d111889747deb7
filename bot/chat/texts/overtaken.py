"""What somebody reads whose form was overtaken: another was faster, and nothing typed is lost."""

from bot.chat.texts import common, terms
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.events import Recorded
from workflows.incident.events import Moved


def assessed(t: Translator) -> str:
    """Above the form that comes back."""
    return t.gettext("Changed by others meanwhile; it stands in the form now. Please check, and send it again.")


def yours(t: Translator) -> str:
    """Above what was typed into a form that cannot come back."""
    return t.gettext("What you entered, so that it is not lost:")


def line(x: Telling, label: str, now: str, yours: str, item: Recorded) -> str:
    """One field: what somebody else decided, and what the reader had there."""
    text = x.t.gettext("{field}: {now} ({who}, {when}); with you: {yours}")
    who, when = x.who(item.by), x.when(item.at)
    return text.format(field=label.rstrip("?"), now=now, who=who, when=when, yours=common.one_line(yours, 200) or "—")


def moved(x: Telling, item: Recorded) -> str:
    """A step of a phase that somebody else made before."""
    text = x.t.gettext(
        "{who} has brought {number} to {phase} already ({when}). What you entered is not recorded; here it is, to add "
        "what is missing."
    )
    to = item.event.to_state if isinstance(item.event, Moved) else x.case.state
    phase = terms.name(x.t, to)
    return text.format(who=x.who(item.by), number=x.case.number, phase=phase, when=x.when(item.at))
