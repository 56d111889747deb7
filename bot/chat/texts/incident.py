"""Answers about incidents: the thanks for a report, status, lists."""

from collections.abc import Sequence

from bot.chat.reply import Fact
from bot.chat.texts import (
    agreement,
    common,
    correctives,
    criteria,
    handover,
    issues,
    paging,
    reporter,
    terms,
    times,
    waiting,
)
from bot.chat.texts.incident_events import Telling, visible_to
from bot.chat.texts.told import marked
from config.i18n import Translator
from config.policy.criteria import criterion_of
from config.policy.ids import SecondPersonRule, Visibility
from workflows.actors import Pseudonym
from workflows.decisions import Reason
from workflows.events import plain
from workflows.incident.promises import Promise, is_owed
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State


def thanks(x: Telling, paged: Sequence[str], *, told: bool, in_thread: bool) -> str:
    """The answer to a report: on record, who knows, who can see it, and what to leave alone.

    `told`: whether whoever is on call gets a message; said only where it is so. Of a sealed case the named are told.
    `in_thread`: whether it stands in the intake channel, for everybody there.
    """
    case = x.case
    parts = [
        x.t.gettext("Thanks, {number} is on record ({when}).").format(number=case.number, when=x.when(case.opened_at))
    ]
    if case.visibility is Visibility.SEALED:
        parts.append(_named_told(x.t, told=told))
    elif paged:
        text = x.t.gettext("{names} (on call) is being told.")
        if not told:
            text = x.t.gettext("Nobody is told by itself from here: please call {names} (on call).")
        parts.append(text.format(names=common.people(x.t, paged)))
    parts += [
        x.t.gettext("Visible to: {visibility}.").format(
            visibility=visible_to(x.t, case.visibility, in_thread=in_thread)
        ),
        x.t.gettext("Please avoid deleting or reinstalling anything."),
    ]
    return " ".join(parts)


def entered(x: Telling) -> str:
    """The answer to a report that is entered after the fact."""
    text = x.t.gettext(
        "{number} is on record as entered afterwards (reported {when}). Nobody is called, it has no channel, and no "
        "figure counts it. Each phase asks when it really was; `walk {number}` asks for all of them at once (S3, S4)."
    )
    return text.format(number=x.case.number, when=x.when(x.case.reported or x.case.opened_at))


def drill_opened(x: Telling) -> str:
    """The answer to a drill that calls nobody."""
    text = x.t.gettext(
        "{number} is on record as a drill ({when}). It is marked everywhere, nobody is called, and no figure counts it."
    )
    return text.format(number=x.case.number, when=x.when(x.case.opened_at))


def _named_told(t: Translator, *, told: bool) -> str:
    if told:
        return t.gettext("The named people are being told.")
    return t.gettext("Nobody is told by itself from here: please call one of the named people.")


def observe_here(t: Translator, channel: str) -> str:
    """Where to put what one sees, when there is a thread for it."""
    return t.gettext("Post what you see, photos too, in the thread (channel {channel}).").format(channel=channel)


def observe_note(t: Translator, number: str) -> str:
    """Where to put what one sees, without Slack."""
    return t.gettext("Add what you see with `note {number} …`.").format(number=number)


def headline(t: Translator, case: IncidentCase) -> str:
    """One line: number, severity, phase, title."""
    parts = [case.number, terms.short_severity(t, case.severity), terms.name(t, case.state)]
    marks = [t.gettext("recorded afterwards")] if case.backfill else []
    return marked(t, case, " · ".join([*parts, *marks, title(case)]))


def title(case: IncidentCase) -> str:
    """What the case is called: its title, else the start of the report."""
    return common.one_line(plain(case.title) or plain(case.what), 80) or "—"


def topic(t: Translator, case: IncidentCase) -> str:
    """The topic of the case's channel: severity, phase, lead. No content."""
    lead = case.name_of(case.lead) if case.lead else t.gettext("nobody leads yet")
    told = f"{terms.short_severity(t, case.severity)} · {terms.name(t, case.state)} · {common.one_line(lead, 60)}"
    return marked(t, case, told)


def facts(x: Telling) -> tuple[Fact, ...]:
    """What is known, in short."""
    case, t = x.case, x.t
    listed = [
        Fact(t.gettext("Phase"), _phase(x)),
        Fact(t.gettext("Severity"), terms.name(t, case.severity)),
        Fact(t.gettext("Assessed as"), terms.name(t, case.kind)),
        Fact(t.gettext("Incident lead"), _lead(x)),
        Fact(t.gettext("Affected"), common.one_line(plain(case.affected), 200) or "—"),
        Fact(t.gettext("Personal data"), terms.name(t, case.personal_data)),
        Fact(t.gettext("Reported"), x.when(case.reported or case.opened_at)),
        Fact(t.gettext("Reported by"), reporter.told_by(x)),
        Fact(t.gettext("Visible to"), terms.name(t, case.visibility)),
    ]
    return tuple(listed)


def reported(x: Telling) -> str:
    """When it was reported, beside its headline."""
    return x.t.gettext("reported {when}").format(when=x.when(x.case.reported or x.case.opened_at))


def _phase(x: Telling) -> str:
    since = x.case.entered_at(x.case.state)
    name = terms.name(x.t, x.case.state)
    return x.t.gettext("{phase}, since {when}").format(phase=name, when=x.when(since)) if since else name


def open_points(x: Telling) -> tuple[str, ...]:
    """What still waits: acknowledgement, tasks, corrective actions, duties, due items. One line each."""
    case, t = x.case, x.t
    lines: list[str] = []
    if case.state is State.IDENTIFY and case.acknowledged is None and case.lead is None and not case.backfill:
        lines.append(t.gettext("Nobody has taken it up yet."))
    lines += [asked for asked in (handover.waiting(x), agreement.waiting(x)) if asked]
    for task in case.tasks:
        if task.done_at is None:
            due = t.gettext(", until {day}").format(day=x.day(task.due)) if task.due else ""
            told = t.gettext("Task {no}: {text} ({who}{due})").format(
                no=task.no, text=common.one_line(plain(task.text), 100), who=_owner(x, task.owner), due=due
            )
            lines.append(f"{told} · {issues.name(task.issue)}" if task.issue else told)
    lines += [correctives.point(x, action) for action in case.correctives if action.is_unsettled]
    for duty in case.duties:
        if not duty.is_settled:
            decision = terms.name(t, duty.decision)
            if duty in waiting.duties(case):
                decision = waiting.to_confirm(t)
            lines.append(t.gettext("{regime}: {decision}").format(regime=x.regime(duty.regime), decision=decision))
    if case.open_due_items:
        lines.append(_due(t, [criteria.due_name(t, x.policy, item, case) for item in case.open_due_items]))
    return tuple(lines)


def put_off(x: Telling, reasons: Sequence[Reason]) -> str:
    """Over questions about what an override put off, which the step itself does not ask for."""
    found = (criterion_of(one.subject) for one in reasons)
    return _due(x.t, [criteria.named(x.t, x.policy, one, x.case) for one in found if one is not None])


def _due(t: Translator, listed: Sequence[str]) -> str:
    names = tuple(dict.fromkeys(listed))
    text = t.ngettext(
        "{count} item put off is due before closing: {names}",
        "{count} items put off are due before closing: {names}",
        len(names),
    )
    return text.format(count=len(names), names=common.one_line(", ".join(names), 1000))


def _lead(x: Telling) -> str:
    """Who leads; before somebody does, who looks after it."""
    case, t = x.case, x.t
    if case.lead is not None:
        return x.who(case.lead)
    if case.acknowledged_by is None or not case.state.is_open:
        return t.gettext("nobody yet")
    return t.gettext("nobody yet; {who} looks after it").format(who=x.who(case.acknowledged_by))


def _owner(x: Telling, owner: Pseudonym | None) -> str:
    return x.who(owner) if owner else x.t.gettext("nobody yet")


def listed(t: Translator, cases: Sequence[IncidentCase]) -> str:
    """Above a list."""
    count = len(cases)
    return t.ngettext("{count} open case that you can see:", "{count} open cases that you can see:", count).format(
        count=count
    )


def dismissed(x: Telling) -> str:
    """The words when a report turns out to be no incident."""
    kind = terms.name(x.t, x.case.kind)
    owed = x.case.outlived_duties
    if not owed:
        text = x.t.gettext("{number} is not an incident: {kind}. That ends the case.")
        return text.format(number=x.case.number, kind=kind)
    text = x.t.gettext("{number} is not an incident: {kind}. Still to be decided, by two persons: {duties}.")
    return text.format(number=x.case.number, kind=kind, duties=", ".join(x.regime(one.regime) for one in owed))


def redacted(t: Translator, number: str) -> str:
    """What a shared channel may read about a case that only some may see."""
    return t.gettext("{number}: confidential. Those concerned know.").format(number=number)


def left_behind(t: Translator) -> str:
    """In the new channel of a case that became confidential; the old one is named below."""
    return t.gettext(
        "The case goes on here, with those who may see it. The channel below was open to everybody and is archived. "
        "What Wachbuch said there is deleted; what people wrote can still be read. Please delete what must not be, or "
        "ask whoever administers Slack."
    )


def archived_behind(t: Translator) -> str:
    """In the new channel of a case that became confidential when it was over; the old one is named below."""
    return t.gettext(
        "The case goes on here, with those who may see it. The channel below was open to everybody and was archived "
        "before: what was said there stays, since nothing in an archived channel can be changed. Please ask whoever "
        "administers Slack to delete what must not be read."
    )


def archived_stays(x: Telling) -> str:
    """Said to whoever makes a case confidential that is over; empty while all that we said can be taken back."""
    if x.case.state.is_open or x.case.visibility is Visibility.TEAM:
        return ""
    return x.t.gettext(
        "If the channel of this case in Slack is archived already, what was said there can still be read there: "
        "nothing in an archived channel can be changed. Whoever administers Slack can delete it."
    )


def goes_on_there(t: Translator) -> str:
    """In the thread of a report that has a channel now, which is named below."""
    return t.gettext("The case goes on in its own channel:")


def goes_on_here(t: Translator) -> str:
    """In the new channel of a case whose channel was archived; the old one is named below."""
    return t.gettext("The case goes on here. Its earlier channel is archived and can still be read:")


def nothing_before(t: Translator, case: IncidentCase) -> str:
    """Somebody wants to go back from the first phase."""
    text = t.gettext("{number} is in {phase}, the first phase; there is nothing before it.")
    return text.format(number=case.number, phase=terms.name(t, case.state))


def told_directly(t: Translator, case: IncidentCase) -> str:
    """A direct message to those concerned; the content stays behind the button, which asks who they are."""
    match case.visibility:
        case Visibility.SEALED:
            text = t.gettext("New confidential report {number}. You are one of those named; please look at it soon.")
        case Visibility.RESTRICTED:
            text = t.gettext("New confidential report {number}; please look at it soon.")
        case Visibility.TEAM:
            text = t.gettext("New report {number}; please look at it soon.")
    return text.format(number=case.number)


def told_privacy(t: Translator, case: IncidentCase, *, again: bool) -> str:
    """A direct message to data protection: why they can see the case now, or have to decide `again`."""
    text = t.gettext(
        "{number}: personal data affected: {answer}. Data protection can see the case now; a duty to notify may apply. "
        "Please look at it soon."
    )
    if again:
        text = t.gettext(
            "{number}: personal data affected: {answer}. That is more than was known when the duty to notify was "
            "decided upon; the decision is open again."
        )
    return text.format(number=case.number, answer=terms.name(t, case.personal_data))


def thread_open(x: Telling) -> str:
    """First message of a report's thread in the intake channel."""
    case, t = x.case, x.t
    text = t.gettext("New report {number} ({when}, {who}): {what}").format(
        number=case.number,
        when=x.when(case.opened_at),
        who=reporter.told_by(x),
        what=common.one_line(plain(case.what), 1500),
    )
    return marked(t, case, text) + "\n" + t.gettext("Observations and photos please here in the thread.")


def paged(t: Translator) -> str:
    """Stands before the mention of who is on call."""
    return t.gettext("On call, please take over:")


def please(t: Translator, rule: SecondPersonRule) -> str:
    """Stands before the mention of who can be the second person."""
    if rule in {SecondPersonRule.OVERRIDE, SecondPersonRule.DISPOSAL}:
        return t.gettext("Please decide:")
    return t.gettext("Please confirm, one of you:")


def personal_data_hint(t: Translator, case: IncidentCase) -> str:
    """What follows when personal data is or may be affected. A confidential case data protection sees when named."""
    if case.concerns_dpo and case.visibility is Visibility.TEAM:
        return t.gettext("Personal data may be affected: the data protection officer can see the case now.")
    return ""


def summary(x: Telling) -> str:
    """Head of the pinned summary in the case's channel, edited in place."""
    return f"{headline(x.t, x.case)}"


def last_update(x: Telling) -> str:
    """The last update; empty when there was none."""
    case = x.case
    if case.last_update is None or case.last_update_at is None:
        return ""
    text = x.t.gettext("How it stands ({when}): {text}").format(
        when=times.moment(x.t, case.last_update_at, x.zone, x.now), text=common.one_line(plain(case.last_update), 1500)
    )
    owed = case.update_promised and case.update_due is not None and is_owed(case, Promise.UPDATE, case.update_due)
    return f"{text}\n{paging.following(x, case.update_due)}" if owed and case.update_due else text
