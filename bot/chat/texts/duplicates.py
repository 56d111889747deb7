"""What people read about reports that tell of the same thing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from bot.chat.texts import common, evidence_events, terms
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.events import Event, Recorded, plain
from workflows.incident.merging_events import DuplicateJoined
from workflows.incident.state import IncidentCase


def goes_on(t: Translator, number: str) -> str:
    """Where a duplicate goes on; without a number for who may not know. It holds also when that case is over."""
    if number:
        return t.gettext("It goes on in {number}. The log, evidence and tasks here stay.").format(number=number)
    return t.gettext("It belongs to another case, where this report is known. The log, evidence and tasks here stay.")


def named(t: Translator, case: IncidentCase) -> str:
    """The case that goes on, with how far it is."""
    return f"{case.number} ({terms.name(t, case.state)})"


def head(t: Translator, headline: str) -> str:
    """Above what a duplicate holds, in the status of the case that goes on."""
    return t.gettext("Duplicate: {headline}").format(headline=headline)


def holds(x: Telling) -> Iterator[str]:
    """Open tasks and evidence of a duplicate, one line each."""
    for task in x.case.tasks:
        if task.done_at is None:
            yield x.t.gettext("Task {no}: {text}.").format(no=task.no, text=common.one_line(plain(task.text), 100))
    for item in x.case.evidence:
        told = common.one_line(plain(item.description), 100)
        yield f"{evidence_events.number(x, item.no)}: {told} ({evidence_events.state(x.t, item)})"


def _joined(x: Telling, _item: Recorded, event: DuplicateJoined) -> str:
    if event.number is None:
        return ""  # Not everybody who reads here may know that there is another one.
    text = x.t.gettext("{number} is a duplicate of this case. Its log stays; `status` lists its evidence and tasks.")
    if event.removed:
        text = x.t.gettext("{number} is no duplicate of this case any more.")
    return text.format(number=plain(event.number))


MERGING_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {DuplicateJoined: _joined}
