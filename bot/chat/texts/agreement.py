"""What people read about the agreement of the service owner."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.texts import common
from bot.chat.texts.told import Telling
from config.i18n import Translator
from config.policy.ids import Criterion
from config.policy.models import Policy, PolicyPerson
from workflows.events import Event, OptionalText, Recorded, plain
from workflows.incident import owner_events as e

_LONGEST: Final = 500


def _asked(x: Telling, item: Recorded, event: e.OwnerAsked) -> str:
    text = x.t.gettext("{asker} asks {who} as service owner: is the service as it should be again?")
    return text.format(asker=x.who(item.by), who=x.who(event.person))


def _hesitates(x: Telling, item: Recorded, event: e.OwnerHesitates) -> str:
    text = x.t.gettext("{who} does not agree as service owner yet: {reason}")
    return text.format(who=x.who(item.by), reason=_reason(event.reason))


def _reason(text: OptionalText) -> str:
    return common.one_line(plain(text), _LONGEST)


def agrees(x: Telling, item: Recorded) -> str:
    """A service owner agrees in person."""
    return x.t.gettext("{who} agrees as service owner ({when}).").format(who=x.who(item.by), when=x.when(item.at))


def asked_directly(t: Translator, number: str) -> str:
    """A direct message; what happened is behind the button, which asks who they are."""
    text = t.gettext("You are asked for your agreement to {number} as service owner: is the service as it should be?")
    return text.format(number=number)


def name(t: Translator, policy: Policy, person: PolicyPerson) -> str:
    """Somebody who can be asked; who is away says until when."""
    called, absence = common.one_line(person.name, 50), policy.today.absence(person)
    if absence is None:
        return called
    return t.gettext("{name} (away until {day})").format(name=called, day=t.date(absence.last))


def question(t: Translator) -> str:
    """Under what they agree to."""
    return t.gettext("Is the service as it should be again?")


def asked_in_words(x: Telling) -> str:
    """For who is asked and may see the case: by whom, since when, and what they said."""
    asked = x.case.owner_asked
    if asked is None:
        return ""
    text = x.t.gettext("{asker} asks for your agreement to {number} as service owner ({when}).")
    told = text.format(asker=x.who(asked.by), number=x.case.number, when=x.when(asked.at))
    if asked.not_yet_at is None:
        return told
    said = x.t.gettext("You said not yet ({when}): {reason}")
    return f"{told}\n{said.format(when=x.when(asked.not_yet_at), reason=_reason(asked.not_yet))}"


def stands(x: Telling) -> str:
    """Who was asked and when, and what they said; empty when nobody was."""
    asked = x.case.owner_asked
    if asked is None:
        return ""
    if asked.not_yet_at is None:
        text = x.t.gettext("{who} was asked ({when}) and has not answered yet")
        return text.format(who=x.who(asked.person), when=x.when(asked.at))
    text = x.t.gettext("{who} does not agree yet ({when}): {reason}")
    return text.format(who=x.who(asked.person), when=x.when(asked.not_yet_at), reason=_reason(asked.not_yet))


def waiting(x: Telling) -> str:
    """The question among what is open; empty when there is none."""
    return x.t.gettext("Service owner: {stands}.").format(stands=stands(x).rstrip(".")) if x.case.owner_asked else ""


def settled(x: Telling) -> str:
    """Stands where the buttons were, once it is answered; empty before."""
    answer = x.case.answers.get(Criterion.SERVICE_OWNER_AGREES)
    if answer is None:
        return ""
    text = x.t.gettext("The agreement of {who} as service owner is on record ({when}).")
    return text.format(who=x.who(answer.person), when=x.when(answer.at))


def unanswered(x: Telling) -> str:
    """A question that waited too long."""
    asked = x.case.owner_asked
    if asked is None:
        return ""
    text = x.t.gettext(
        "{who} has not answered yet whether to agree to {number} as service owner (asked {when}). If it cannot wait, "
        "ask another service owner, or name who agreed in `review {number}`."
    )
    return text.format(who=x.who(asked.person), number=x.case.number, when=x.when(asked.at))


def unreachable(x: Telling) -> str:
    """No message reaches who is asked."""
    asked = x.case.owner_asked
    text = x.t.gettext("{who} has no account here, so no message went out; please call.")
    return text.format(who=x.who(asked.person if asked else None))


OWNER_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {
    e.OwnerAsked: _asked,
    e.OwnerHesitates: _hesitates,
}
