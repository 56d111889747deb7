"""Answers to a mention."""

from config.i18n import Translator


def greeting(t: Translator) -> str:
    """Somebody only mentioned the bot."""
    return t.gettext(
        "I record incidents and changes. `/incident` reports one, anywhere; `/incident help` shows the rest."
    )


def not_yet(t: Translator) -> str:
    """A mention records nothing by itself."""
    return t.gettext("Nothing is recorded yet. Meant like this?")


def too_long(t: Translator) -> str:
    """The words do not fit behind a button."""
    return t.gettext("Nothing is recorded yet: that is too long for a button. Please use `/incident`.")


def listing(t: Translator) -> str:
    """Button that lists the open cases."""
    return t.gettext("What is open")
