"""What people read about corrective actions that are due, late, or to be checked (10.2)."""

from bot.chat.texts import common
from bot.chat.texts.told import Telling, marked
from config.i18n import Translator
from config.policy.ids import Visibility
from workflows.events import plain
from workflows.incident.items import Corrective
from workflows.incident.owed import Owed
from workflows.incident.terms import CorrectiveState


def reminder(x: Telling, action: Corrective, owed: Owed, *, late: bool, back_in: str = "") -> str:
    """A direct message. Of a case that not the whole team may see the content stays behind the button.

    `back_in` is the number of the case in which the root cause came back, where readers of this one may know of it.
    """
    text = _of_work(x, action) if owed is Owed.WORK else _of_effect(x, action)
    if owed is Owed.WORK and back_in:
        text += " " + x.t.gettext("Its root cause came back in {number}.").format(number=back_in)
    if late:
        text = x.t.gettext("Still open. {text}").format(text=text)
    if x.case.visibility is Visibility.TEAM:
        quoted = x.t.gettext("“{text}”").format(text=common.one_line(plain(action.text), 500))
        text = f"{text}\n{quoted}"
    return marked(x.t, x.case, text)


def _of_work(x: Telling, action: Corrective) -> str:
    text = x.t.gettext("{number}: corrective action {no} ({who}) is due on {day}.")
    if action.due < x.now:
        text = x.t.gettext("{number}: corrective action {no} ({who}) was due on {day}.")
    if action.reopened:
        text = x.t.gettext("{number}: corrective action {no} ({who}, {day}) is open again: it did not help enough.")
    return text.format(number=x.case.number, no=action.no, who=x.who(action.owner), day=x.day(action.due))


def _of_effect(x: Telling, action: Corrective) -> str:
    text = x.t.gettext("{number}: {who} ended corrective action {no} on {day}. Has it been effective since?")
    done = action.done_at or x.now
    return text.format(number=x.case.number, no=action.no, who=x.who(action.owner), day=x.day(done))


def effective(t: Translator) -> str:
    """Says that it helped."""
    return t.gettext("Effective")


def not_effective(t: Translator) -> str:
    """Says that it did not help: asks for what the check showed, and opens it again."""
    return t.gettext("Not effective")


def head(t: Translator, count: int, late: int) -> str:
    """Above the list."""
    text = t.ngettext(
        "{count} corrective action that you can see is not settled, {late} of them late:",
        "{count} corrective actions that you can see are not settled, {late} of them late:",
        count,
    )
    return text.format(count=count, late=late)


def none(t: Translator) -> str:
    """There is none."""
    return t.gettext("No corrective action that you can see is open or still to be checked.")


def row(x: Telling, action: Corrective) -> str:
    """One of them: what, whose, until when."""
    what = common.one_line(plain(action.text), 100)
    parts = (f"{x.case.number} #{action.no}", what, x.who(action.owner), _standing(x, action))
    return marked(x.t, x.case, " · ".join(parts))


def point(x: Telling, action: Corrective) -> str:
    """One of those that are not settled, in the status of its case."""
    what = common.one_line(plain(action.text), 100)
    text = x.t.gettext("Corrective action {no}: {text} ({who}, {standing})")
    return text.format(no=action.no, text=what, who=x.who(action.owner), standing=_standing(x, action))


def _standing(x: Telling, action: Corrective) -> str:
    if action.state is CorrectiveState.DONE:
        due = action.check_due or x.now
        if due < x.now:
            return x.t.gettext("check of the effect due since {day}").format(day=x.day(due))
        return x.t.gettext("done, check on {day}").format(day=x.day(due))
    text = x.t.gettext("late since {day}") if action.due < x.now else x.t.gettext("until {day}")
    return text.format(day=x.day(action.due))


def more(t: Translator, count: int) -> str:
    """Under the last row, when there is more than fits."""
    text = t.ngettext(
        "{count} more is due later and not shown here.", "{count} more are due later and not shown here.", count
    )
    return text.format(count=count)
