"""What people read about root causes that came up before."""

from collections.abc import Sequence

from bot.chat.texts import common, incident
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.incident.state import IncidentCase


def before(t: Translator, tags: Sequence[str]) -> str:
    """Under the field of the tag; empty where there is none yet."""
    if not tags:
        return t.gettext("One or two words that stay the same, for example missing-mfa.")
    shown = ", ".join(common.one_line(tag, 60) for tag in tags)
    return t.gettext("Used before: {tags}. The same cause, the same tag.").format(tags=shown)


def again(x: Telling, same: Sequence[IncidentCase], count: int) -> str:
    """The earlier cases with the same tag, the newest first."""
    text = x.t.ngettext("The same cause as in an earlier case:", "The same cause as in {count} earlier cases:", count)
    rows = (f"{one.number} ({x.day(one.opened_at)}): {incident.title(one)}" for one in same)
    return "\n".join([text.format(count=count), *rows])
