"""The home tab: what waits for its reader, and what is open."""

from datetime import timedelta
from typing import Final

from bot.chat.texts import common, incident
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.events import plain
from workflows.incident.items import Corrective, Duty, Override, Task

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_TEN_MINUTES: Final = timedelta(minutes=10)


def greeting(t: Translator) -> str:
    """First line, beside the button that opens the report form."""
    return t.gettext("Seen something odd? Report it, better once too often.")


def mine(t: Translator) -> str:
    """Above tasks and corrective actions of the reader."""
    return t.gettext("Waits for you")


def duties(t: Translator) -> str:
    """Above duties to notify that are not settled."""
    return t.gettext("Duties to notify")


def changes(t: Translator) -> str:
    """Above the changes of the reader."""
    return t.gettext("Your changes")


def override(x: Telling, one: Override) -> str:
    """An override that the reader can grant or deny."""
    text = x.t.gettext("{who} asks for an override: {reason}")
    told = text.format(who=x.who(one.asked_by), reason=common.one_line(plain(one.reason)))
    return f"{told}\n{incident.headline(x.t, x.case)}"


def cases(t: Translator) -> str:
    """Above the open cases."""
    return t.gettext("Open cases")


def task(x: Telling, one: Task) -> str:
    """A task of the reader."""
    text = x.t.gettext("Task: {text}").format(text=common.one_line(plain(one.text)))
    if one.due is None:
        return f"{text}\n{x.case.number}"
    if one.due < x.now:
        return f"{text}\n{x.case.number} · " + x.t.gettext("late since {day}").format(day=x.day(one.due))
    return f"{text}\n{x.case.number} · " + x.t.gettext("until {day}").format(day=x.day(one.due))


def corrective(x: Telling, one: Corrective) -> str:
    """A corrective action of the reader (10.2)."""
    text = x.t.gettext("Corrective action: {text}").format(text=common.one_line(plain(one.text)))
    due = x.t.gettext("late since {day}") if one.due < x.now else x.t.gettext("until {day}")
    return f"{text}\n{x.case.number} · " + due.format(day=x.day(one.due))


def check(x: Telling, one: Corrective) -> str:
    """A corrective action whose effect the reader is asked about (10.2)."""
    text = x.t.gettext("Was it effective? {text}").format(text=common.one_line(plain(one.text)))
    return f"{text}\n{x.case.number} · {x.who(one.owner)}"


def duty(x: Telling, one: Duty, decision: str) -> str:
    """A duty to notify, and how far it is decided."""
    return f"{x.regime(one.regime)}: {decision}\n{incident.headline(x.t, x.case)}"


def case(x: Telling) -> str:
    """An open case: phase and age."""
    return f"{incident.headline(x.t, x.case)}\n{_age(x)}"


def _age(x: Telling) -> str:
    """In steps: a tab is renewed when what it says changes, and must not for each minute that goes by."""
    age = x.now - (x.case.reported or x.case.opened_at)
    step = _HOUR if age >= _HOUR else _TEN_MINUTES
    if age < step:
        return x.t.gettext("just reported")
    if days := age // _DAY:
        # A sentence of its own: after "seit", German takes another case than where a duration stands alone.
        return x.t.ngettext("open for {count} day", "open for {count} days", days).format(count=days)
    return x.t.gettext("open for {duration}").format(duration=x.t.duration(age // step * step))


def more(t: Translator, count: int) -> str:
    """Under the last row, when there is more than fits."""
    text = t.ngettext(
        "{count} more is not shown here. `/incident list` lists all open, `/incident status` and a number shows one.",
        "{count} more are not shown here. `/incident list` lists all open, `/incident status` and a number shows one.",
        count,
    )
    return text.format(count=count)


def more_there(t: Translator, count: int) -> str:
    """How many are not shown, without a word on where: a link beside it says that, or nothing does."""
    text = t.ngettext("{count} more is not shown here.", "{count} more are not shown here.", count)
    return text.format(count=count)


def all_there(t: Translator) -> str:
    """On the link."""
    return t.gettext("All in the console")
