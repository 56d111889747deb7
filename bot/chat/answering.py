"""From the outcome of a command to a reply: what was recorded with its receipts, or every reason why not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat import agreeing, causes, emergency, lookback, merged, steps
from bot.chat.forms.change_ask import environments
from bot.chat.forms.phases import TARGETS, field_of
from bot.chat.reply import Button, FieldErrors, Form, Paragraph, Reply
from bot.chat.room import Room
from bot.chat.texts import (
    change,
    change_events,
    common,
    ending,
    exports,
    feedback,
    helping,
    incident,
    incident_events,
    next_steps,
    refusal,
    reporter,
    waiting,
    who,
)
from bot.chat.texts.told import marked
from config.policy.criteria import criterion_of
from config.policy.ids import Criterion, Visibility
from workflows.change.codes import ChangeState
from workflows.change.commands import ApprovePlan
from workflows.change.state import ChangeCase
from workflows.decisions import Reason
from workflows.events import Event, Recorded
from workflows.exported import CaseExported
from workflows.incident.backfilling import SUBJECTS
from workflows.incident.codes import Code
from workflows.incident.commands import AssignRole
from workflows.incident.drill_events import DrillStarted
from workflows.incident.events import (
    Assessed,
    DueOpened,
    Moved,
    OverrideRequested,
    Reported,
    RoleAssigned,
    VisibilitySet,
)
from workflows.incident.feedback_events import FeedbackGiven
from workflows.incident.handover_events import HandoverAccepted
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State
from workflows.outcome import Accepted, Refused
from workflows.workflow import Case


def accepted(room: Room, outcome: Accepted) -> Reply:
    """What holds now, one sentence each, and the next step."""
    case = outcome.case
    receipts = tuple(str(one) for one in outcome.receipts)
    if not outcome.recorded:
        return Reply((Paragraph(room.t.gettext("Nothing would be different.")),), case=case.number)
    if isinstance(case, IncidentCase):
        texts = _told(room, case, outcome.recorded)
        buttons = _incident_buttons(room, case, outcome.recorded)
    elif isinstance(case, ChangeCase):
        told = room.telling_change(case)
        texts = [change_events.sentence(told, one) for one in outcome.recorded]
        texts.append(change.missing_answers(room.t, case) if case.stands is ChangeState.PLAN else "")
        back = case.stands is ChangeState.ROLLED_BACK and case.successor is None
        texts.append(change.successor_hint(room.t, case.number) if back else "")
        buttons = change_buttons(room, case)
    else:
        texts, buttons = [], ()
    opened = isinstance(outcome.recorded[0].event, Reported)
    # The first paragraph is ours alone; what follows has names in it that somebody typed.
    channels = helping.channels(room.policy) if opened else ()
    paragraphs = tuple(Paragraph(text, channels=() if at else channels) for at, text in enumerate(filter(None, texts)))
    if isinstance(case, IncidentCase):
        paragraphs += causes.again(room, case, outcome.recorded)
        if any(ending.is_closing(case, one.event) for one in outcome.recorded):
            paragraphs += (lookback.asked(room.t, case),)
    return Reply(paragraphs, buttons=buttons, receipts=receipts, case=case.number)


def _told(room: Room, case: IncidentCase, recorded: Sequence[Recorded]) -> list[str]:
    telling = room.telling(case)
    if isinstance(recorded[0].event, CaseExported):
        return [exports.coming(room.t, case.number)]
    if isinstance(recorded[0].event, FeedbackGiven):
        return [feedback.thanks(room.t, case.number)]
    if isinstance(recorded[0].event, Reported):
        if case.backfill or case.quiet:
            opened = incident.entered(telling) if case.backfill else incident.drill_opened(telling)
            return [marked(room.t, case, opened), reporter.on_behalf(telling), *_scenario(telling, recorded)]
        told = room.tells_on_call and any(one.slack for one in room.policy.on_call()[:1])
        intake = room.policy.slack.intake_channel if room.tells_on_call else None
        here = intake is not None and case.visibility is Visibility.TEAM
        threads = room.surface.is_slack and here
        thanks = incident.thanks(telling, who.on_call(room.policy), told=told, in_thread=here)
        said = incident.observe_here(room.t, intake) if intake is not None and threads else None
        observe = said or incident.observe_note(room.t, case.number)
        return [
            marked(room.t, case, f"{thanks} {observe}"),
            reporter.on_behalf(telling),
            *_scenario(telling, recorded),
            incident.personal_data_hint(room.t, case),
        ]
    # What matters most comes first: where the case now stands. An end has words of its own.
    moves = [one for one in recorded if isinstance(one.event, Moved)]
    others = _beside(recorded)
    ends = [one.event.to_state for one in moves if isinstance(one.event, Moved) and not one.event.to_state.is_open]
    on_the_way = [one for one in moves if isinstance(one.event, Moved) and one.event.to_state.is_open]
    last_words = []
    if State.CLOSED in ends:
        last_words.append(marked(room.t, case, ending.closed(telling)))
    if State.DISMISSED in ends:
        last_words += [incident.dismissed(telling), merged.goes_on(room, case)]
    if any(isinstance(one.event, VisibilitySet) for one in others):
        last_words.append(incident.archived_stays(telling))
    return [*last_words, *(incident_events.sentence(telling, one) for one in (*on_the_way, *others))]


def _beside(recorded: Sequence[Recorded]) -> list[Recorded]:
    """What is told beside the moves: nothing that another sentence says already."""
    said: list[type[Event]] = [Moved]
    for one in recorded:
        match one.event:
            case HandoverAccepted():
                said.append(RoleAssigned)
            case Moved(to_state=State.DISMISSED):
                # The end says as what.
                said.append(Assessed)
            case _:
                pass
    others = [one for one in recorded if not isinstance(one.event, tuple(said))]
    if any(isinstance(one.event, Moved) and one.event.overridden for one in recorded):
        # The move names them all in one line.
        others = [one for one in others if not (isinstance(one.event, DueOpened) and one.event.criterion)]
    return others


def _scenario(telling: incident_events.Telling, recorded: Sequence[Recorded]) -> list[str]:
    return [incident_events.sentence(telling, one) for one in recorded if isinstance(one.event, DrillStarted)]


def _incident_buttons(room: Room, case: IncidentCase, recorded: Sequence[Recorded]) -> tuple[Button, ...]:
    if any(isinstance(one.event, OverrideRequested) for one in recorded):
        return ()
    if isinstance(recorded[0].event, Reported) and not case.backfill:
        # The thread is not there yet; whoever looks again finds the way to it.
        show = "incident.status"
        return (*steps.onward_for(room, case), Button(show, next_steps.label(room.t, show), case.number))
    return steps.onward_for(room, case)


def change_buttons(room: Room, case: ChangeCase) -> tuple[Button, ...]:
    """The next steps of a change. What is due stays so when the change is over."""
    due = emergency.buttons(room, case)
    if case.over:
        return due
    t, number = room.t, case.number
    buttons = [Button("change.status", next_steps.label(t, "change.status"), number)]
    unanswered = case.stands is ChangeState.PLAN and change.missing_answers(t, case)
    if case.stands is ChangeState.PLAN:
        label = next_steps.label(t, "change.plan")
        buttons.insert(0, Button("change.plan", label, number, primary=bool(unanswered)))
    if case.stands is ChangeState.PLAN and not unanswered and room.may(ApprovePlan, case):
        buttons.append(Button("change.approve", next_steps.approve_plan(t), f"{number} plan"))
    if case.stands is ChangeState.DEPLOY:
        buttons += [
            Button("change.approve", next_steps.approve_deploy(t, one), f"{number} deploy {one}")
            for one in environments(room.questions(), case)
        ]
    return (*due, *buttons)


def refused(
    room: Room, outcome: Refused, form_id: str, form: Form | None, values: Mapping[str, str], before: Case | None
) -> Reply | FieldErrors:
    """Every reason at once. Under the fields where all of them have one and nothing else has happened."""
    case = outcome.case or before
    if form is not None and not outcome.kept:
        errors = _under_fields(room, outcome.reasons, form, values, case)
        if errors is not None:
            return errors
    answers_only = isinstance(before, IncidentCase) and form_id in TARGETS and steps.is_late(form_id, before)
    if form_id in TARGETS and isinstance(case, IncidentCase) and not answers_only:
        return _not_yet(room, outcome, form_id, case, values if form is not None else None)
    x = room.explaining(case)
    lines = [f"• {refusal.line(x, reason)}" for reason in outcome.reasons]
    head = refusal.plain_head(room.t) if len(lines) > 1 else ""
    kept = refusal.kept_note(room.t) if outcome.kept else ""
    texts = [head, *(lines if len(lines) > 1 else [line.removeprefix("• ") for line in lines]), kept]
    texts.append(_elsewhere(room, outcome.reasons, case))
    again = form.filled(values) if form is not None else None
    notice = "\n".join(text for text in texts if text)
    receipts = tuple(str(one) for one in outcome.receipts)
    shown = None if again is None else _with_notice(again, _ended(room, notice, receipts))
    return Reply(
        tuple(Paragraph(text) for text in texts if text),
        buttons=(*_instead(room, outcome.reasons, case), *_from_here(room, case)),
        form=shown,
        receipts=receipts,
        case=case.number if case else "",
    )


def is_so_already(room: Room, errors: FieldErrors) -> bool:
    """Whether all that stands in the way is that it is so already: then a form would have nothing to ask."""
    return set(errors.errors.values()) == {room.t.gettext(refusal.LINES[Code.ALREADY])}


def _instead(room: Room, reasons: Sequence[Reason], case: Case | None) -> tuple[Button, ...]:
    """Where only the lead could, and the lead is away: to lead oneself, for whoever may give the role."""
    may = isinstance(case, IncidentCase) and room.may(AssignRole, case)
    if case is None or not may or all(one.code != Code.NOT_LEAD for one in reasons):
        return ()
    return (steps.lead_oneself(room.t, case.number),)


def _elsewhere(room: Room, reasons: Sequence[Reason], case: Case | None) -> str:
    """Where a duplicate goes on, for whoever wants to do something to it."""
    if not isinstance(case, IncidentCase) or all(one.code != Code.CASE_CLOSED for one in reasons):
        return ""
    return merged.goes_on(room, case)


def _from_here(room: Room, case: Case | None) -> tuple[Button, ...]:
    """What the asker can do instead."""
    if isinstance(case, ChangeCase):
        return change_buttons(room, case)
    if not isinstance(case, IncidentCase):
        return ()
    return (*merged.note_there(room, case), *steps.onward_for(room, case))


def _under_fields(
    room: Room, reasons: Sequence[Reason], form: Form, values: Mapping[str, str], case: Case | None
) -> FieldErrors | None:
    present = {one.id for one in form.fields}
    x = room.explaining(case)
    errors: dict[str, str] = {}
    for reason in reasons:
        criterion = criterion_of(reason.subject)
        field = reason.subject if criterion is None else field_of(criterion, form, values)
        field = refusal.WHEN if field == refusal.OCCURRED and field not in present else field
        if field not in present:
            return None
        errors[field] = "\n".join(one for one in (errors.get(field, ""), refusal.line(x, reason)) if one)
    return FieldErrors(errors)


def _not_yet(room: Room, outcome: Refused, form_id: str, case: IncidentCase, values: Mapping[str, str] | None) -> Reply:
    """`Not in Contain yet, 2 of 8 answers missing. Complete answers are saved.` with one line and button each."""
    t, x = room.t, room.explaining(case)
    receipts = tuple(str(one) for one in outcome.receipts)
    reasons = steps.one_by_one(room, case, outcome.reasons)
    listed = [one for one in reasons if criterion_of(one.subject) is not None]
    untimely = {one.subject for one in outcome.reasons} & set(SUBJECTS.values())
    if not (listed or untimely) or any(one.code == Code.NOT_WALKABLE for one in listed):
        told = (*(refusal.line(x, one) for one in reasons), _elsewhere(room, reasons, case))
        lines = [Paragraph(text) for text in told if text]
        return Reply(tuple(lines), buttons=_from_here(room, case), receipts=receipts, case=case.number)
    apart = len(reasons) - len(outcome.reasons)
    total = steps.count(room.policy, form_id, case) + len(steps.entered(form_id, case)) + apart
    lacking = len({one.subject for one in listed} | untimely)
    head = refusal.head(t, TARGETS[form_id], lacking, total, kept=outcome.kept)
    lines = [Paragraph(f"• {refusal.line(x, one)}", _button(room, one, form_id, case)) for one in reasons]
    by_override = steps.override(room, form_id, case)
    tail = (Paragraph(refusal.cannot_wait(t, room.policy, case), by_override),) if by_override else ()
    tail = (*causes.again(room, case, outcome.recorded), *tail)
    form = None
    if values is not None:
        notice = "\n".join([head, *(line.text for line in (*lines, *tail))])
        asked = steps.form(room, form_id, case, listed, values, _ended(room, notice, receipts))
        # What only others can supply is no form: the lines stand with their buttons instead.
        form = asked if asked.fields else None
    return Reply((Paragraph(head), *lines, *tail), form=form, receipts=receipts, case=case.number)


def _ended(room: Room, notice: str, receipts: Sequence[str]) -> str:
    """A notice about something recorded ends with its receipt, too."""
    return f"{notice}\n{common.receipts(room.t, receipts)}" if receipts else notice


def _with_notice(form: Form, notice: str) -> Form:
    return replace(form, notice=notice)


def _button(room: Room, reason: Reason, form_id: str, case: IncidentCase) -> tuple[Button, ...]:
    t, number = room.t, case.number
    verb = reason.remedy.partition(" ")[0]
    if reason.subject == Criterion.LEAD:
        return (Button("incident.role", next_steps.take_lead(t), f"{number} lead me if free"),)
    confirms = reason.subject == Criterion.DUTIES_DECIDED and waiting.only_confirmation(case)
    if confirms or reason.remedy in {"confirm", "countersign"}:
        named = f"{number} {waiting.duties(case)[0].regime}" if confirms else number
        return (Button("incident.confirm", next_steps.label(t, "incident.confirm"), named),)
    if verb in {"answer", "assess"}:
        action = "incident.close" if form_id == "incident.dismiss" else form_id
        supplement = Button(action, common.supplement(t), number)
        asks = agreeing.asks(room, case) if reason.subject == Criterion.SERVICE_OWNER_AGREES else ()
        return (supplement, *asks)
    action = f"incident.{verb}"
    if action in next_steps.LABELS and verb != "close":
        return (Button(action, next_steps.label(t, action), number),)
    return ()
