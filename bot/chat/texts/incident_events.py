"""What was recorded about an incident, one short sentence per entry: for replies, threads and channels."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.chat.texts import agreement, common, criteria, exports, paging, reporter, terms, ties, waiting, who
from bot.chat.texts.drills import DRILL_SENTENCES
from bot.chat.texts.duplicates import MERGING_SENTENCES
from bot.chat.texts.evidence_events import EVIDENCE_SENTENCES
from bot.chat.texts.feedback import FEEDBACK_SENTENCES
from bot.chat.texts.handover import HANDOVER_SENTENCES
from bot.chat.texts.issues import ISSUE_SENTENCES
from bot.chat.texts.passing import PASSING_SENTENCES
from bot.chat.texts.told import Telling, told_at
from config.i18n import Translator
from config.policy.ids import SecondPersonRule, Visibility
from workflows.actors import Pseudonym
from workflows.events import Event, OptionalText, Recorded, plain
from workflows.exported import CaseExported
from workflows.incident import events as e
from workflows.incident.items import Corrective, Task
from workflows.incident.owner_effects import agrees_in_person
from workflows.incident.second_events import SecondAsked
from workflows.incident.terms import DueKind, DutyDecision, Kind

__all__ = ["SENTENCES", "Sentence", "Telling", "sentence", "visible_to"]

Sentence = Callable[[Telling, Recorded, Any], str]


def sentence(telling: Telling, item: Recorded) -> str:
    """The sentence for one entry; empty where it goes without saying."""
    return common.stop(SENTENCES[type(item.event)](telling, item, item.event))


def _reported(x: Telling, item: Recorded, _event: e.Reported) -> str:
    text = x.t.gettext("{number} is on record ({when}).").format(number=x.case.number, when=x.when(item.at))
    return " ".join(part for part in (text, reporter.on_behalf(x)) if part)


def _acknowledged(x: Telling, item: Recorded, _event: e.Acknowledged) -> str:
    return paging.looked_after(x, item.by, item.at)


def _assessed(x: Telling, _item: Recorded, event: e.Assessed) -> str:
    text = x.t.gettext("The assessment of {number} is supplemented.").format(number=x.case.number)
    if event.outcome is not None:
        kind = terms.name(x.t, event.outcome)
        text = x.t.gettext("{number} is assessed: {kind}.").format(number=x.case.number, kind=kind)
    if event.severity and (event.outcome or x.case.kind) is Kind.INCIDENT:
        text += " " + x.t.gettext("Severity {severity}.").format(severity=event.severity.value)
    return text


def _answered(x: Telling, item: Recorded, event: e.Answered) -> str:
    if agrees_in_person(item):
        return agreement.agrees(x, item)
    return x.t.gettext("{criterion}: recorded.").format(criterion=criteria.as_asked(x.t, x.policy, event))


def _exempted(x: Telling, _item: Recorded, event: e.Exempted) -> str:
    return x.t.gettext("{criterion}: recorded as not applicable.").format(
        criterion=criteria.as_asked(x.t, x.policy, event)
    )


def _moved(x: Telling, item: Recorded, event: e.Moved) -> str:
    text = x.t.gettext("{number} is now in {phase}.").format(
        number=x.case.number, phase=terms.name(x.t, event.to_state)
    )
    if not event.to_state.is_open:
        text = x.t.gettext("{number} is {phase}.").format(number=x.case.number, phase=terms.name(x.t, event.to_state))
    if item.occurred_at is not None:
        text = x.t.gettext("{moved} (as of {when}).").format(moved=text.rstrip("."), when=x.when(item.when))
    if event.overridden:
        names = ", ".join(criteria.named(x.t, x.policy, one, x.case) for one in event.overridden)
        text += " " + x.t.gettext("By override; still due: {names}.").format(names=names)
    if event.reason is not None:
        text += " " + x.t.gettext("The reason: {reason}").format(reason=_typed(event.reason))
    return text


def _second_asked(x: Telling, _item: Recorded, event: SecondAsked) -> str:
    return waiting.second(x.t, x.case.number, event.to)


def _noted(x: Telling, item: Recorded, event: e.Noted) -> str:
    if event.corrects is not None:
        text = x.t.gettext("On the timeline ({when}, {who}), as a correction of entry {no}; both stay: {text}")
    elif item.by is None:
        text = x.t.gettext("On the timeline ({when}): {text}")
    else:
        text = x.t.gettext("On the timeline ({when}, {who}): {text}")
    return text.format(when=told_at(x, item), who=x.who(item.by), no=event.corrects, text=_typed(event.text))


def _updated(x: Telling, item: Recorded, event: e.Updated) -> str:
    if event.urgent:
        return x.t.gettext("{number} cannot wait: it gets its own channel now.").format(number=x.case.number)
    text = x.t.gettext("How it stands ({when}, {who}): {text}").format(
        when=x.when(item.at), who=x.who(item.by), text=common.one_line(plain(event.text), 2000)
    )
    return f"{text}\n{paging.following(x, event.update_due)}" if event.promised and event.update_due else text


def _severity(x: Telling, item: Recorded, event: e.SeveritySet) -> str:
    text = x.t.gettext("Severity {severity}.").format(severity=event.severity.value)
    if event.derived and event.derived is not event.severity:
        told = x.t.gettext("Other than {derived}, set by {who}: “{reason}”.")
        text += " " + told.format(derived=event.derived.value, who=x.who(item.by), reason=_typed(event.reason))
    return text


def _visibility(x: Telling, _item: Recorded, event: e.VisibilitySet) -> str:
    return x.t.gettext("Visible to: {visibility}.").format(visibility=_seen_by(x.t, event.visibility))


def _role(x: Telling, _item: Recorded, event: e.RoleAssigned) -> str:
    text = x.t.gettext("{role}: {who}.")
    if event.removed:
        text = x.t.gettext("{role}: no longer {who}.")
    return common.stop(
        text.format(role=common.sentence_case(terms.name(x.t, event.case_role)), who=x.who(event.person))
    )


def _action(x: Telling, item: Recorded, event: e.ActionRecorded) -> str:
    kind, what, result = terms.name(x.t, event.action), _typed(event.text), _typed(event.result)
    if not event.done:
        text = x.t.gettext("Action noted ({kind}): {text}. It counts once it is done, with its result.")
        return text.format(kind=kind, text=what)
    text = x.t.gettext("Action recorded ({kind}, {when}): {text}.").format(kind=kind, when=told_at(x, item), text=what)
    return text + " " + x.t.gettext("Result: {result}.").format(result=result) if result else text


def _evidence(x: Telling, item: Recorded, event: e.EvidenceRecorded) -> str:
    told = x.t.gettext("Evidence recorded ({when}): {text}.").format(
        when=told_at(x, item), text=_typed(event.description)
    )
    return f"{event.number}: {told}" if event.number else told


def _number(items: Sequence[Task | Corrective], event: e.TaskOpened | e.CorrectiveOpened) -> int:
    """The number of what was opened: it may be told when there are more of them already."""
    same = [one for one in reversed(items) if (one.text, one.due) == (event.text, event.due)]
    # Somebody else may have it since.
    return next((one.no for one in same if one.owner == event.owner), same[0].no if same else len(items))


def _task_opened(x: Telling, _item: Recorded, event: e.TaskOpened) -> str:
    number = _number(x.case.tasks, event)
    text = x.t.gettext("Task {no}: {text}.").format(no=number, text=common.one_line(plain(event.text)))
    return " ".join([text, _owed(x, event.owner, event.due)]).strip()


def _task_done(x: Telling, _item: Recorded, event: e.TaskDone) -> str:
    return x.t.gettext("Task {no} is done.").format(no=event.no)


def _corrective_opened(x: Telling, _item: Recorded, event: e.CorrectiveOpened) -> str:
    text = x.t.gettext("Corrective action {no}: {text}.").format(
        no=_number(x.case.correctives, event), text=common.one_line(plain(event.text))
    )
    return " ".join([text, _owed(x, event.owner, event.due)]).strip()


def _corrective_done(x: Telling, _item: Recorded, event: e.CorrectiveDone) -> str:
    return x.t.gettext("Corrective action {no} is done. Somebody else checks its effect on {day}.").format(
        no=event.no, day=x.day(event.check_due)
    )


def _corrective_checked(x: Telling, _item: Recorded, event: e.CorrectiveChecked) -> str:
    text = x.t.gettext("Corrective action {no} is effective.")
    if not event.effective:
        text = x.t.gettext("Corrective action {no} is not effective.")
    return text.format(no=event.no)


def _corrective_reopened(x: Telling, _item: Recorded, event: e.CorrectiveReopened) -> str:
    return x.t.gettext("Corrective action {no} is open again.").format(no=event.no)


def _duty_opened(x: Telling, _item: Recorded, event: e.DutyOpened) -> str:
    return x.t.gettext("{regime}: may apply since {when}, a decision is needed.").format(
        regime=x.regime(event.regime), when=x.when(event.alarm_from)
    )


def _duty_decided(x: Telling, item: Recorded, event: e.DutyDecided) -> str:
    text = x.t.gettext("{regime}: {decision}.").format(
        regime=x.regime(event.regime), decision=terms.name(x.t, event.decision)
    )
    if event.decision is DutyDecision.NOT_REQUIRED:
        others = who.deciders(x.t, x.policy, SecondPersonRule.DUTY, x.case, without=x.who(item.by))
        told = x.t.gettext("It holds once a second person confirms: {names}.").format(names=others)
        text += " " + common.stop(told)
    return text


def _duty_confirmed(x: Telling, item: Recorded, event: e.DutyConfirmed) -> str:
    return x.t.gettext("{regime}: {who} confirms that it does not apply.").format(
        regime=x.regime(event.regime), who=x.who(item.by)
    )


def _duty_filed(x: Telling, item: Recorded, event: e.DutyFiled) -> str:
    return x.t.gettext("{regime}: notified ({when}).").format(regime=x.regime(event.regime), when=x.when(item.when))


def _override_requested(x: Telling, item: Recorded, event: e.OverrideRequested) -> str:
    told = x.t.gettext(
        "{who} asks for an override to {phase}: “{reason}”. Missing: {names}. The decision is with {deciders}."
    ).format(
        who=x.who(item.by),
        phase=terms.name(x.t, event.to),
        reason=_typed(event.reason),
        names=", ".join(criteria.named(x.t, x.policy, one, x.case) for one in event.missing) or "—",
        deciders=who.deciders(x.t, x.policy, SecondPersonRule.OVERRIDE, x.case, without=x.who(item.by)),
    )
    return common.stop(told)


def _override_granted(x: Telling, item: Recorded, _event: e.OverrideGranted) -> str:
    return x.t.gettext("{who} grants the override.").format(who=x.who(item.by))


def _override_denied(x: Telling, item: Recorded, event: e.OverrideDenied) -> str:
    return x.t.gettext("{who} does not grant the override: {reason}").format(
        who=x.who(item.by), reason=common.one_line(plain(event.reason))
    )


def _dismissal_confirmed(x: Telling, item: Recorded, _event: e.DismissalConfirmed) -> str:
    return x.t.gettext("{who} confirms that it is no incident.").format(who=x.who(item.by))


def _due_opened(x: Telling, _item: Recorded, event: e.DueOpened) -> str:
    if event.due_kind is DueKind.COUNTERSIGN:
        return x.t.gettext("Management still has to countersign; until then it cannot be closed.")
    if event.criterion is None:
        return ""
    name = criteria.named(x.t, x.policy, event.criterion, x.case)
    return x.t.gettext("Still due before closing: {name}.").format(name=name)


def _due_settled(x: Telling, _recorded: Recorded, event: e.DueSettled) -> str:
    item = next((one for one in x.case.due_items if one.no == event.no), None)
    name = criteria.due_name(x.t, x.policy, item, x.case) if item is not None else f"{event.no}"
    return x.t.gettext("Due item settled: {name}.").format(name=name)


def _countersigned(x: Telling, item: Recorded, event: e.Countersigned) -> str:
    return x.t.gettext("{who} countersigns: {rule}.").format(who=x.who(item.by), rule=terms.name(x.t, event.rule))


def _linked(x: Telling, _item: Recorded, event: e.CaseLinked) -> str:
    other = common.one_line(plain(event.number), 40)
    if event.removed:
        return x.t.gettext("No longer linked: {other}.").format(other=other)
    return ties.linked(x.t, other, event.relation)


def _typed(text: OptionalText) -> str:
    """What somebody typed, as the end of our sentence."""
    return common.one_line(plain(text), 1500).rstrip(".")


def _owed(x: Telling, owner: Pseudonym | None, due: datetime | None) -> str:
    if owner is None:
        return x.t.gettext("Nobody takes care of it yet.")
    if due is None:
        return x.t.gettext("{who} takes care of it.").format(who=x.who(owner))
    return x.t.gettext("{who} takes care of it until {day}.").format(who=x.who(owner), day=x.day(due))


def _seen_by(t: Translator, visibility: Visibility) -> str:
    """The same for whoever reads along."""
    if visibility is Visibility.TEAM:
        return t.gettext("on-call, responders, ISB and whoever reported it")
    return visible_to(t, visibility)


def visible_to(t: Translator, visibility: Visibility, *, in_thread: bool = False) -> str:
    """Who may see a case of this visibility, beside whoever asks. `in_thread`: it stands in the intake channel, too."""
    match visibility:
        case Visibility.TEAM if in_thread:
            return t.gettext("on-call, responders, ISB, you, and whoever reads the intake channel")
        case Visibility.TEAM:
            return t.gettext("on-call, responders, ISB and you")
        case Visibility.RESTRICTED:
            return t.gettext("on-call, ISB and named people")
        case Visibility.SEALED:
            return t.gettext("only the named people")


SENTENCES: Final[Mapping[type[Event], Sentence]] = {
    e.Reported: _reported,
    e.Acknowledged: _acknowledged,
    e.Assessed: _assessed,
    e.Answered: _answered,
    e.Exempted: _exempted,
    e.Moved: _moved,
    SecondAsked: _second_asked,
    e.Noted: _noted,
    e.Updated: _updated,
    e.SeveritySet: _severity,
    e.VisibilitySet: _visibility,
    e.RoleAssigned: _role,
    e.ActionRecorded: _action,
    e.EvidenceRecorded: _evidence,
    e.TaskOpened: _task_opened,
    e.TaskDone: _task_done,
    e.CorrectiveOpened: _corrective_opened,
    e.CorrectiveDone: _corrective_done,
    e.CorrectiveChecked: _corrective_checked,
    e.CorrectiveReopened: _corrective_reopened,
    e.DutyOpened: _duty_opened,
    e.DutyDecided: _duty_decided,
    e.DutyConfirmed: _duty_confirmed,
    e.DutyFiled: _duty_filed,
    e.OverrideRequested: _override_requested,
    e.OverrideGranted: _override_granted,
    e.OverrideDenied: _override_denied,
    e.DismissalConfirmed: _dismissal_confirmed,
    e.DueOpened: _due_opened,
    e.DueSettled: _due_settled,
    e.Countersigned: _countersigned,
    e.CaseLinked: _linked,
    CaseExported: exports.sentence,
    **EVIDENCE_SENTENCES,
    **paging.PAGING_SENTENCES,
    **MERGING_SENTENCES,
    **DRILL_SENTENCES,
    **HANDOVER_SENTENCES,
    **agreement.OWNER_SENTENCES,
    **ISSUE_SENTENCES,
    **PASSING_SENTENCES,
    **FEEDBACK_SENTENCES,
}
"""Every event of an incident has its sentence; a test walks them."""
