"""How a case and another one hang together."""

from bot.chat.texts import terms
from config.i18n import Translator
from workflows.incident.terms import Relation


def linked(t: Translator, other: str, how: Relation) -> str:
    """The other one, by its number or in a line, and what it is to this one."""
    return t.gettext("Linked: {other} ({relation}).").format(other=other, relation=terms.name(t, how))
