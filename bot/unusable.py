"""Why a database cannot be used, in the words of whoever reads it."""

from config.i18n import Translator
from workflows.store.errors import Unavailable


def why_unusable(texts: Translator, error: Exception) -> str:
    """One line. A refusal of the store names the command that cures it and stays as it is."""
    if isinstance(error, Unavailable):
        return texts.gettext("It does not answer. Does it run, and are address, account and network right?")
    return str(error)
