"""The words at the end of a case: how long, what stays undone or open, which duties to notify. One voice everywhere."""

from datetime import datetime

from bot.chat.texts import common, times
from bot.chat.texts.told import Telling
from workflows.deadlines import effectiveness_due
from workflows.events import Event
from workflows.incident.events import Moved
from workflows.incident.items import Corrective
from workflows.incident.state import IncidentCase
from workflows.incident.terms import CorrectiveState, State


def is_closing(case: IncidentCase, event: Event) -> bool:
    """Whether this entry closed the case, and it still is; one that was opened again has no end to tell of."""
    return isinstance(event, Moved) and event.to_state is State.CLOSED and case.state is State.CLOSED


def closed(x: Telling) -> str:
    """What the closed case leaves behind, in a few short sentences."""
    told = x.t.gettext("{number} is closed.").format(number=x.case.number)
    parts = [told, _contained(x), _undone(x), _promised(x), _open(x), _to_check(x), _duties(x)]
    return " ".join(part for part in parts if part)


def _contained(x: Telling) -> str:
    contained, reported = x.case.contained, x.case.reported
    if contained is None or reported is None:
        return ""
    if contained < reported:
        return x.t.gettext("Contained before it was reported.")
    return x.t.gettext("Contained after {duration}.").format(duration=x.t.duration(contained - reported))


def _undone(x: Telling) -> str:
    """Tasks that nobody finished: they end with the case."""
    left = [str(one.no) for one in x.case.tasks if one.done_at is None and not one.is_promise]
    text = x.t.ngettext("Not done: task {nos}.", "Not done: tasks {nos}.", len(left))
    return text.format(nos=", ".join(left)) if left else ""


def _promised(x: Telling) -> str:
    """Exposed credentials and keys whose replacement still runs."""
    left = [str(one.no) for one in x.case.tasks if one.done_at is None and one.is_promise]
    text = x.t.ngettext(
        "The replacement of credentials or keys still runs: task {nos}.",
        "The replacement of credentials or keys still runs: tasks {nos}.",
        len(left),
    )
    return text.format(nos=", ".join(left)) if left else ""


def _open(x: Telling) -> str:
    """Corrective actions to be done, and when their effect is checked if they are done in time (10.2)."""
    still = _in(x.case, CorrectiveState.OPEN)
    if not still:
        return ""
    first = min(still, key=lambda one: one.due)
    text = x.t.ngettext(
        "Open: {count} corrective action ({owner}, {day}), effect checked on {check}.",
        "Open: {count} corrective actions (next: {owner}, {day}), effects checked from {check} on.",
        len(still),
    )
    check = effectiveness_due(x.policy, max(first.due, x.now))
    return common.stop(
        text.format(count=len(still), owner=x.who(first.owner), day=_day(x, first.due), check=_day(x, check))
    )


def _to_check(x: Telling) -> str:
    """Corrective actions that are done, and whose effect is not checked yet."""
    checks = [one.check_due for one in _in(x.case, CorrectiveState.DONE) if one.check_due is not None]
    if not checks:
        return ""
    text = x.t.ngettext(
        "Effect still to be checked: {count} corrective action, on {check}.",
        "Effect still to be checked: {count} corrective actions, from {check} on.",
        len(checks),
    )
    return common.stop(text.format(count=len(checks), check=_day(x, min(checks))))


def _in(case: IncidentCase, state: CorrectiveState) -> list[Corrective]:
    return [one for one in case.correctives if one.state is state]


def _duties(x: Telling) -> str:
    """Each was filed, or decided with a reason as not required; some cases never had one."""
    duties = x.case.duties
    filed = ", ".join(x.regime(duty.regime) for duty in duties if duty.filed_at)
    if not duties:
        return x.t.gettext("Duties to notify: none.")
    if not filed:
        return x.t.gettext("Duties to notify: none, with reasons.")
    if all(duty.filed_at for duty in duties):
        return x.t.gettext("Duties to notify: notified ({regimes}).").format(regimes=filed)
    text = x.t.gettext("Duties to notify: notified ({regimes}); the others not required, with reasons.")
    return text.format(regimes=filed)


def _day(x: Telling, moment: datetime) -> str:
    return times.day(x.t, moment, x.zone, x.now)
