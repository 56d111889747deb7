"""The course of a case: its phases with their exit criteria, what was answered, and the timeline."""

from datetime import timedelta

from bot.casefile.reading import CaseFile
from bot.casefile.telling import Dated, typed
from bot.chat.forms.parts import parts_of
from bot.chat.forms.phases import PARTICIPANTS
from bot.chat.texts import criteria, incident_events, terms
from bot.chat.texts.told import told_at
from config.policy.criteria import CriterionId
from config.policy.ids import Criterion
from workflows.events import Recorded
from workflows.incident.events import Moved, Noted, Updated
from workflows.incident.evidence_events import MessageDeleted, MessageEdited, MessagePinned
from workflows.incident.feedback_events import FeedbackGiven
from workflows.incident.items import Answer
from workflows.ledger.receipt import Receipt
from workflows.reports import markdown as md

SHOWN = 1400
"""A sentence of the timeline holds so much of a text; a longer one follows whole."""
LEARNT = (Criterion.ROOT_CAUSE, Criterion.PROCESS_CAUSE, Criterion.LESSONS)
"""These stand at the end, in a section of their own."""
_Told = Noted | Updated | MessagePinned | MessageEdited | FeedbackGiven
"""What is told nowhere but on the timeline."""


def phases(file: CaseFile, x: Dated) -> list[str]:
    """How long it was where, and by which criteria it moved on."""
    t = x.t
    head = (t.gettext("Phase"), t.gettext("From"), t.gettext("Until"), t.gettext("Duration"))
    moves = [item for item, _ in file.steps if isinstance(item.event, Moved)]
    lines = [*md.heading(2, t.gettext("Phases")), *md.table(head, _spans(file, x)), ""]
    for item in moves:
        lines += _move(file, x, item)
    return lines


def _spans(file: CaseFile, x: Dated) -> list[tuple[str, str, str, str]]:
    case, t = file.case, x.t
    ends = [one.at for one in case.entered[1:]]
    rows = []
    for number, entry in enumerate(case.entered):
        until = ends[number] if number < len(ends) else None
        last = until or file.now
        over = until is None and not entry.state.is_open
        length = "" if over else t.duration(max(last - entry.at, timedelta()))
        told = "" if over else x.when(until) if until else t.gettext("still")
        rows.append((terms.name(t, entry.state), x.when(entry.at), told, length))
    return rows


def _move(file: CaseFile, x: Dated, item: Recorded) -> list[str]:
    event, t = item.event, x.t
    if not isinstance(event, Moved):
        return []
    text = t.gettext("{source} → {target}: {when}, {who}").format(
        source=terms.name(t, event.from_state), target=terms.name(t, event.to_state),
        when=x.when(item.when), who=x.named(item.by),
    )  # fmt: skip
    lines = [md.item(text)]
    if event.reason is not None:
        lines.append(md.under(t.gettext("Reason: {reason}").format(reason=typed(event.reason))))
    for label, listed in (
        (t.gettext("Met: {names}"), event.met),
        (t.gettext("Not demanded by the policy: {names}"), event.relaxed),
        (t.gettext("Passed over by override {no}: {names}"), event.overridden),
    ):
        names = ", ".join(criteria.named(t, x.policy, one, file.case) for one in listed)
        lines += [md.under(label.format(names=names, no=event.override))] if listed else []
    return lines + [_exempted(file, x, one) for one in event.exempted]


def _exempted(file: CaseFile, x: Dated, criterion: CriterionId) -> str:
    known = file.case.exemptions.get(criterion)
    text = x.t.gettext("Not applicable: {criterion}, because: {reason} ({who})").format(
        criterion=criteria.as_asked(x.t, x.policy, known) if known else criteria.named(x.t, x.policy, criterion),
        reason=typed(known.because) if known else "—",
        who=x.done(known.by, known.at) if known else "—",
    )
    return md.under(text)


def answers(file: CaseFile, x: Dated) -> list[str]:
    """What was answered to the exit criteria, as it stands."""
    given = {key: one for key, one in file.case.answers.items() if key not in LEARNT}
    if not given:
        return []
    lines = md.heading(2, x.t.gettext("Answers to the exit criteria"))
    for criterion, answer in given.items():
        lines.append(md.fact(criteria.as_asked(x.t, x.policy, answer), answered(file, x, criterion, answer)))
    return lines


def answered(file: CaseFile, x: Dated, criterion: CriterionId, answer: Answer) -> str:
    """An answer in one line: what was chosen, typed, whom and when it names; and who gave it when."""
    took_part = {one.value: terms.name(x.t, one) for one in PARTICIPANTS}
    parts = [
        _choice(file, x, criterion, answer.choice),
        ", ".join(took_part.get(one, one) for one in answer.choices),
        typed(answer.text), typed(answer.detail),
        x.who(answer.person) if answer.person else "",
        x.when(answer.when) if answer.when else "",
    ]  # fmt: skip
    return f"{' · '.join(part for part in parts if part) or '–'} ({x.done(answer.by, answer.at)})"


def _choice(file: CaseFile, x: Dated, criterion: CriterionId, choice: str | None) -> str:
    if choice is None:
        return ""
    of = next((part.of for part in parts_of(criterion) if part.of is not None), None)
    if of is not None and choice in set(of):
        return terms.name(x.t, of(choice))
    known = next((one for one in file.policy.retention_classes if one.id == choice), None)
    return known.title(x.t.language) if known else choice


def timeline(file: CaseFile, x: Dated) -> list[str]:
    """All that was recorded, by when it happened; with when it was recorded, where that is another time."""
    lines = md.heading(2, x.t.gettext("Timeline"))
    later = _later(file)
    for item, receipt in sorted(file.steps, key=lambda one: (one[0].when, one[0].seq)):
        lines += _entry(x, item, receipt, later.get(item.seq, ()))
    return lines


def _by(x: Dated, item: Recorded) -> str:
    return x.who(item.by) if item.by else x.t.gettext("by itself")


def _later(file: CaseFile) -> dict[int, tuple[int, ...]]:
    """Entries that say something else, since, about an earlier one: number of the earlier one to theirs."""
    found: dict[int, tuple[int, ...]] = {}
    for item, _ in file.steps:
        event = item.event
        about = event.corrects if isinstance(event, Noted) else None
        if isinstance(event, MessageEdited | MessageDeleted):
            about = event.about
        if about is not None:
            found[about] = (*found.get(about, ()), item.seq)
    return found


def _entry(x: Dated, item: Recorded, receipt: Receipt, later: tuple[int, ...]) -> list[str]:
    told = incident_events.sentence(x, item)
    if not told:
        return []
    lines = [
        md.item(told_at(x, item), _by(x, item), told, x.t.gettext("entry {no}").format(no=item.seq), md.Code(receipt))
    ]
    if later:
        numbers = ", ".join(map(str, later))
        lines.append(md.under(x.t.gettext("Corrected or changed later: see {numbers}.").format(numbers=numbers)))
    whole = typed(item.event.text) if isinstance(item.event, _Told) else ""
    if len(whole) > SHOWN:
        lines += ["", *md.quote(whole, "  "), ""]
    return lines
