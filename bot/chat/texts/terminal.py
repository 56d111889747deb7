"""Texts that only the terminal needs."""

from config.i18n import Translator


def greeting(t: Translator) -> str:
    """First line of a conversation."""
    return t.gettext("Type a command, for example `incident status`, `vorfall liste` or `help`. Ctrl-D ends.")


def now(t: Translator, step: str) -> str:
    """Asks for the step itself, after what there was to see."""
    return t.gettext("{step}: now? (yes/no)").format(step=step)


def given_up(t: Translator) -> str:
    """A form was left with `!`."""
    return t.gettext("Left without recording anything.")
