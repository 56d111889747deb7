"""What people read when they are called to a report."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from bot.chat.texts import agreement, common, handover
from bot.chat.texts.told import Telling, marked
from config.i18n import Translator
from config.policy.ids import Visibility
from config.texts import _
from workflows.actors import Pseudonym
from workflows.events import Event, Recorded, plain
from workflows.incident import paging_events as e
from workflows.incident.paging import begins_round, is_again, step_after
from workflows.incident.promises import Promise
from workflows.incident.state import IncidentCase

_LONGEST: Final = 500
_DUE: Final[Mapping[Promise, str]] = {
    Promise.UPDATE: _("An update is due ({when}): how does it stand?"),
    Promise.CONTAIN: _("It should be contained by now ({when})."),
    Promise.REVIEW: _("The review should be over by now ({when})."),
}


def call(x: Telling, *, again: bool) -> str:
    """A direct message to who is called. Of a confidential report the content stays behind the button."""
    if x.case.visibility is not Visibility.TEAM:
        text = x.t.gettext("The confidential report {number} waits for somebody to look after it. Can you?")
        still = x.t.gettext("The confidential report {number} still waits for somebody to look after it. Can you?")
    else:
        text = x.t.gettext("{number} ({when}) waits for somebody to look after it: {what}. Can you?")
        still = x.t.gettext("{number} ({when}) still waits for somebody to look after it: {what}. Can you?")
    return _about(x, still if again else text)


def _about(x: Telling, text: str) -> str:
    what = common.one_line(plain(x.case.what), _LONGEST).rstrip(".")
    return text.format(number=x.case.number, when=x.when(x.case.opened_at), what=what)


def looked_after(x: Telling, who: Pseudonym | None, since: datetime) -> str:
    """Who looks after it, and since when."""
    text = x.t.gettext("{who} looks after {number} ({when}).")
    return text.format(who=x.who(who), number=x.case.number, when=x.when(since))


def next_called(t: Translator, *, again: bool) -> str:
    """Stands in the thread before the mention of who is called next."""
    if again:
        return t.gettext("Nobody looks after it yet. Called again:")
    return t.gettext("Nobody looks after it yet. Called now:")


def unanswered(x: Telling, *, first: bool) -> str:
    """Where a report is talked about: all calls were in vain, and what to do."""
    if first:
        return x.t.gettext("All calls are made and nobody looks after it. Please look after it, or phone somebody.")
    text = x.t.gettext("Still nobody looks after it (reported {when}). Please look after it, or phone somebody.")
    return _about(x, text)


def told_directly(t: Translator) -> str:
    """Stands before the mention of who was told that all calls were in vain."""
    return t.gettext("Told directly:")


def unanswered_directly(x: Telling, *, first: bool) -> str:
    """The same to the ISB and the deputy. Of a confidential report the content stays behind the button."""
    if not first:
        text = x.t.gettext("Still nobody looks after {number}. Please look after it, or find somebody.")
    elif x.case.visibility is not Visibility.TEAM:
        text = x.t.gettext(
            "All calls are made and nobody looks after {number}. Please look after it, or find somebody."
        )
    else:
        text = x.t.gettext(
            "All calls are made and nobody looks after {number} ({when}): {what}. "
            "Please look after it, or find somebody."
        )
    return _about(x, text)


def pager(t: Translator, case: IncidentCase) -> str:
    """On a pager, outside: number and severity, nothing else."""
    if case.severity is None:
        text = t.gettext("{number} waits for somebody to look after it.")
        return marked(t, case, text.format(number=case.number))
    text = t.gettext("{number} ({severity}) waits for somebody to look after it.")
    return marked(t, case, text.format(number=case.number, severity=case.severity.value))


def pager_acknowledged(t: Translator, case: IncidentCase) -> str:
    """Calls a page off."""
    return t.gettext("{number}: somebody looks after it.").format(number=case.number)


def pager_over(t: Translator, case: IncidentCase) -> str:
    """Ends an alert."""
    return t.gettext("{number} is over.").format(number=case.number)


def pager_silent(t: Translator) -> str:
    """In the thread, before the mention of who is on call: nobody may rely on the pager now."""
    return t.gettext("The pager takes no call at the moment; it is tried again. Please call by phone.")


def by_phone(t: Translator) -> str:
    """Stands before the mention of who should be called by phone."""
    return t.gettext("On call:")


def following(x: Telling, due: datetime) -> str:
    """Until when people hear the next update."""
    return x.t.gettext("Next update by {when}.").format(when=x.when(due))


def reminder(x: Telling, promise: Promise, due: datetime, *, late: bool) -> str:
    """What is due, and since when."""
    if promise is Promise.HANDOVER:
        text = handover.unanswered(x)
    elif promise is Promise.OWNER:
        text = agreement.unanswered(x)
    else:
        unassessed = promise is Promise.CONTAIN and x.case.assessment is None
        told = x.t.gettext("It is not assessed yet, and should be contained by now ({when}).") if unassessed else ""
        text = (told or x.t.gettext(_DUE[promise])).format(when=x.when(due))
    return x.t.gettext("Still open. {text}").format(text=text) if late else text


def _paged(x: Telling, item: Recorded, event: e.Paged) -> str:
    called, once_more = x.t.gettext("Called: {who}."), x.t.gettext("Called again: {who}.")
    return (once_more if is_again(x.case, event.person, item.at) else called).format(who=x.who(event.person))


def _declined(x: Telling, item: Recorded, event: e.PageDeclined) -> str:
    if begins_round(x.policy, step_after(x.case, item.at)):
        text = x.t.gettext("{who} cannot look after it now.")  # Who is called next has to wait for the next round.
    else:
        text = x.t.gettext("{who} cannot look after it now; the next is called.")
    text = text.format(who=x.who(item.by))
    return f"{text} {common.one_line(plain(event.reason))}" if event.reason else text


def _unanswered(x: Telling, _item: Recorded, _event: e.Unanswered) -> str:
    return x.t.gettext("All calls are made and nobody looks after it.")


PAGING_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {
    e.Paged: _paged,
    e.PageDeclined: _declined,
    e.Unanswered: _unanswered,
}
