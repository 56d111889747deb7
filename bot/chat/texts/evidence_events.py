"""What was recorded about evidence and about messages on the timeline, one short sentence per entry."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.texts import common, exports
from bot.chat.texts.told import Telling, apart, told_at
from config.i18n import Translator
from config.texts import _
from workflows.events import Event, OptionalText, Recorded, plain
from workflows.incident import evidence_events as e
from workflows.incident.evidence_terms import CheckResult, CustodyStep, NoteKind, OriginalChange, Unfetched
from workflows.incident.items import Evidence, NoteItem

SHOWN: Final = 5
"""So many entries of a timeline a status shows."""
REASONS: Final[Mapping[Unfetched, str]] = {
    Unfetched.GONE: _("it is no longer there"),
    Unfetched.FORBIDDEN: _("the bot may not read it"),
    Unfetched.ELSEWHERE: _("it lies with another provider"),
    Unfetched.TOO_LARGE: _("it is too large"),
    Unfetched.SIGN_IN_PAGE: _("a page to sign in came instead"),
    Unfetched.INCOMPLETE: _("it arrived incomplete"),
    Unfetched.NO_ANSWER: _("there was no answer"),
    Unfetched.NOT_STORED: _("it could not be stored here"),
}
"""Every reason has its words."""


def number(x: Telling, no: int) -> str:
    """`EV-2026-0007`; an older item without one is known by its number in the case."""
    item = next((one for one in x.case.evidence if one.no == no), None)
    return item.number if item is not None and item.number else f"#{no}"


def state(t: Translator, item: Evidence) -> str:
    """How an item stands, in a word or two."""
    if item.disposed_at is not None:
        return t.gettext("destroyed")
    if item.finding is CheckResult.MISSING:
        return t.gettext("MISSING")
    if item.finding is not None:
        return t.gettext("ALTERED")
    if item.awaits_disposal:
        return t.gettext("kept here, destruction asked for")
    return t.gettext("kept here") if item.stored else t.gettext("kept elsewhere")


def timeline(x: Telling) -> tuple[str, ...]:
    """The last entries of the timeline, by when they happened, and what is kept; with both times where they differ."""
    notes = sorted(x.case.notes, key=lambda one: (one.occurred_at, one.seq))[-SHOWN:]
    lines = [_line(x, note) for note in notes]
    kept = sum(one.disposed_at is None for one in x.case.evidence)
    if kept:
        lines.append(x.t.ngettext("{count} item of evidence", "{count} items of evidence", kept).format(count=kept))
    fetched = {one.origin for one in x.case.evidence}
    gaps = {str(one.origin) for one in x.case.gaps if one.origin not in fetched}
    if gaps:
        text = x.t.ngettext("{count} file could not be fetched", "{count} files could not be fetched", len(gaps))
        lines.append(text.format(count=len(gaps)))
    return (*lines, *filter(None, (exports.counted(x),)))


def _line(x: Telling, note: NoteItem) -> str:
    text = common.one_line(plain(note.text), 200)
    if note.kind is NoteKind.DELETED:
        text = x.t.gettext("message of entry {no} deleted in Slack").format(no=note.about)
    elif note.kind is NoteKind.EDITED:
        text = x.t.gettext("entry {no} edited in Slack: {text}").format(no=note.about, text=text)
    elif note.kind is NoteKind.INJECT:
        text = x.t.gettext("inject of the drill: {text}").format(text=text)
    elif note.kind is NoteKind.FEEDBACK:
        text = x.t.gettext("feedback on the process: {text}").format(text=text)
    elif note.corrects is not None:
        text = x.t.gettext("corrects entry {no}: {text}").format(no=note.corrects, text=text)
    name = x.t.gettext("Entry {no}").format(no=note.seq)
    return f"{name} · {apart(x, note.occurred_at, note.at)} · {text}"


def why(t: Translator, reason: Unfetched) -> str:
    """Why a file could not be fetched."""
    return t.gettext(REASONS[reason])


def _viewed(x: Telling, item: Recorded, event: e.EvidenceViewed) -> str:
    return x.t.gettext("{number}: opened by {who}.").format(number=number(x, event.no), who=x.who(item.by))


def _exported(x: Telling, item: Recorded, event: e.EvidenceExported) -> str:
    return x.t.gettext("{number}: a copy was taken out by {who}.").format(
        number=number(x, event.no), who=x.who(item.by)
    )


def _handed_over(x: Telling, item: Recorded, event: e.EvidenceHandedOver) -> str:
    return x.t.gettext("{number}: handed over ({when}) from {giver} to {receiver}, for: {purpose}.").format(
        number=number(x, event.no),
        when=told_at(x, item),
        giver=_typed(event.giver) or x.who(item.by),
        receiver=_typed(event.receiver),
        purpose=_typed(event.purpose),
    )


def _checked(x: Telling, _item: Recorded, event: e.EvidenceChecked) -> str:
    if event.result is CheckResult.MISSING:
        return x.t.gettext("{number}: the kept file is MISSING.").format(number=number(x, event.no))
    if event.result is CheckResult.ALTERED:
        return x.t.gettext("{number}: the kept file was ALTERED; its SHA-256 is another one.").format(
            number=number(x, event.no)
        )
    return x.t.gettext("{number}: checked again, unaltered.").format(number=number(x, event.no))


def _disposal_asked(x: Telling, item: Recorded, event: e.DisposalAsked) -> str:
    text = x.t.gettext(
        "{number}: {who} asks that it be destroyed: {reason}. A second person decides: `confirm {case} {number}`."
    )
    named = {"number": number(x, event.no), "case": x.case.number}
    return text.format(who=x.who(item.by), reason=_typed(event.reason), **named)


def to_be_destroyed(x: Telling, item: Evidence) -> str:
    """A request that waits for a second person: by whom, when, why, and how it is agreed to."""
    text = x.t.gettext(
        "{number}: {who} asked that it be destroyed ({when}): {reason}. A second person decides: "
        "`confirm {case} {number}`."
    )
    asked = [one for one in item.custody if one.step is CustodyStep.DISPOSAL_ASKED][-1]
    named = {"number": number(x, item.no), "case": x.case.number}
    return text.format(who=x.who(asked.by), when=x.when(asked.at), reason=_typed(asked.purpose), **named)


def none_to_be_destroyed(t: Translator) -> str:
    """Somebody answers a request that there is not."""
    return t.gettext("No request to destroy evidence waits here.")


def _disposal_withdrawn(x: Telling, item: Recorded, event: e.DisposalWithdrawn) -> str:
    text = x.t.gettext("{number}: {who} withdraws the request to destroy it: {reason}.")
    if event.asked_by != item.by:
        text = x.t.gettext("{number}: {who} withdraws the request of {asker} to destroy it: {reason}.")
    return _stays(x, text, item, event)


def _disposal_refused(x: Telling, item: Recorded, event: e.DisposalRefused) -> str:
    text = x.t.gettext("{number}: {who} refuses to have it destroyed, as {asker} asked: {reason}.")
    return _stays(x, text, item, event)


def _stays(x: Telling, text: str, item: Recorded, event: e.DisposalEnded) -> str:
    told = text.format(
        number=number(x, event.no), who=x.who(item.by), asker=x.who(event.asked_by), reason=_typed(event.reason)
    )
    return " ".join((told, x.t.gettext("The file stays; its destruction can be asked for again.")))


def _disposed(x: Telling, item: Recorded, event: e.EvidenceDisposed) -> str:
    return x.t.gettext("{number}: {who} agrees, the file is destroyed. Its entries stay.").format(
        number=number(x, event.no), who=x.who(item.by)
    )


def _original(x: Telling, item: Recorded, event: e.OriginalChanged) -> str:
    text = x.t.gettext("{number}: the original was edited ({when}). What was kept stays as it is.")
    if event.change is OriginalChange.DELETED:
        text = x.t.gettext("{number}: the original was deleted ({when}). What was kept stays as it is.")
    return text.format(number=number(x, event.no), when=told_at(x, item))


def _asked(x: Telling, _item: Recorded, _event: e.FileAsked) -> str:
    return x.t.gettext("The file is being fetched; what comes of it follows.")


def _unfetched(x: Telling, _item: Recorded, event: e.FileUnfetched) -> str:
    name = common.one_line(plain(event.file_name) or plain(event.origin), 100)
    return x.t.gettext("Gap: the file {name} could not be fetched, because {why}.").format(
        name=name, why=why(x.t, event.why)
    )


def _pinned(x: Telling, item: Recorded, event: e.MessagePinned) -> str:
    return x.t.gettext("On the timeline ({when}), message of {author}, put here by {who}: {text}").format(
        when=told_at(x, item), author=x.who(event.author), who=x.who(item.by), text=_typed(event.text)
    )


def _edited(x: Telling, item: Recorded, event: e.MessageEdited) -> str:
    return x.t.gettext("The message of entry {no} was edited ({when}); both stay. It now says: {text}").format(
        no=event.about, when=told_at(x, item), text=_typed(event.text)
    )


def _deleted(x: Telling, item: Recorded, event: e.MessageDeleted) -> str:
    return x.t.gettext("The message of entry {no} was deleted in Slack ({when}); the entry stays.").format(
        no=event.about, when=told_at(x, item)
    )


def _typed(text: OptionalText) -> str:
    return common.one_line(plain(text), 1500).rstrip(".")


EVIDENCE_SENTENCES: Final[Mapping[type[Event], Callable[[Telling, Recorded, Any], str]]] = {
    e.EvidenceViewed: _viewed,
    e.EvidenceExported: _exported,
    e.EvidenceHandedOver: _handed_over,
    e.EvidenceChecked: _checked,
    e.DisposalAsked: _disposal_asked,
    e.DisposalWithdrawn: _disposal_withdrawn,
    e.DisposalRefused: _disposal_refused,
    e.EvidenceDisposed: _disposed,
    e.OriginalChanged: _original,
    e.FileAsked: _asked,
    e.FileUnfetched: _unfetched,
    e.MessagePinned: _pinned,
    e.MessageEdited: _edited,
    e.MessageDeleted: _deleted,
}
"""Part of the sentences about incidents."""
