"""What people read when the lead is handed over."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.texts import common
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.events import Event, Recorded, plain
from workflows.incident import handover_events as e
from workflows.incident.items import HandoverItem

_LONGEST: Final = 1500


def _stands(x: Telling, event: e.HandoverOffered | HandoverItem) -> str:
    text = x.t.gettext("How it stands: {text}").format(text=common.one_line(plain(event.stands), _LONGEST))
    if event.next_step is None:
        return text
    step = x.t.gettext("Next step: {text}").format(text=common.one_line(plain(event.next_step), _LONGEST))
    return f"{text}\n{step}"


def _offered(x: Telling, item: Recorded, event: e.HandoverOffered) -> str:
    text = x.t.gettext("{giver} asks {who} to lead {number} from here on. Until then {giver} leads.").format(
        giver=x.who(item.by), who=x.who(event.person), number=x.case.number
    )
    return f"{text}\n{_stands(x, event)}"


def _accepted(x: Telling, item: Recorded, event: e.HandoverAccepted) -> str:
    text = x.t.gettext("{who} leads {number} now; handed over by {giver}.")
    return text.format(who=x.who(item.by), number=x.case.number, giver=x.who(event.giver))


def _declined(x: Telling, item: Recorded, event: e.HandoverDeclined) -> str:
    text = x.t.gettext("{who} cannot take the lead ({reason}). It stays with {lead}.")
    if event.withdrawn:
        text = x.t.gettext("{who} takes the hand-over back ({reason}) and leads on.")
    reason = common.one_line(plain(event.reason), 500).rstrip(".")
    return text.format(who=x.who(item.by), reason=reason, lead=x.who(x.case.lead))


def asked_to_lead(t: Translator) -> str:
    """Stands before the mention of who is asked to lead."""
    return t.gettext("Please answer:")


def asked_directly(t: Translator, number: str) -> str:
    """A direct message; how it stands is behind the button, which asks who they are."""
    return t.gettext("You are asked to lead {number}.").format(number=number)


def asked_in_words(x: Telling) -> str:
    """For who is asked and may see the case: by whom, since when, and how it stands."""
    offer = x.case.handover
    if offer is None:
        return ""
    text = x.t.gettext("{giver} asks you to lead {number} ({when}).")
    return f"{text.format(giver=x.who(offer.giver), number=x.case.number, when=x.when(offer.at))}\n{_stands(x, offer)}"


def unanswered(x: Telling) -> str:
    """An offer that waited too long."""
    offer = x.case.handover
    if offer is None:
        return ""
    return x.t.gettext("{who} has not answered yet whether to lead {number} (asked {when}). {giver} leads on.").format(
        who=x.who(offer.person), number=x.case.number, when=x.when(offer.at), giver=x.who(offer.giver)
    )


def waiting(x: Telling) -> str:
    """An offer among what is open; empty when there is none."""
    offer = x.case.handover
    if offer is None:
        return ""
    text = x.t.gettext("{who} was asked to lead ({when}) and has not answered yet.")
    return f"{text.format(who=x.who(offer.person), when=x.when(offer.at))} {_stands(x, offer)}"


HANDOVER_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {
    e.HandoverOffered: _offered,
    e.HandoverAccepted: _accepted,
    e.HandoverDeclined: _declined,
}
