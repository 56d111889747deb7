"""What people read about feedback on how a case went."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.texts import common
from bot.chat.texts.told import Telling, told_at
from config.i18n import Translator
from workflows.events import Event, Recorded, plain
from workflows.incident import feedback_events as e


def question(t: Translator) -> str:
    """Stands before the button, when a case is closed."""
    return t.gettext("What was tedious about the process?")


def thanks(t: Translator, number: str) -> str:
    """The answer to feedback: where it is, and where it comes up again."""
    text = t.gettext(
        "Thanks, that is on the timeline of {number}. The lessons of the period bring it up without names."
    )
    return text.format(number=number)


def _given(x: Telling, item: Recorded, event: e.FeedbackGiven) -> str:
    text = x.t.gettext("Feedback on the process ({when}, {who}): {text}")
    return text.format(when=told_at(x, item), who=x.who(item.by), text=common.one_line(plain(event.text), 1500))


FEEDBACK_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {e.FeedbackGiven: _given}
