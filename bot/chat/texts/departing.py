"""What the ISB reads when somebody left whom the policy names, or who still carries something (A.6.5)."""

from bot.chat.texts import common
from bot.chat.texts.told import Telling
from config.i18n import Translator
from workflows.events import plain
from workflows.leavers import Carried


def head(t: Translator, name: str) -> str:
    """First line."""
    text = t.gettext("The Slack account of {name} is closed: from now on they are neither called nor mentioned.")
    return text.format(name=common.one_line(name, 60))


def lines(x: Telling, one: Carried) -> list[str]:
    """What is theirs in one case, a line each."""
    found = [x.t.gettext("{number}: leads it").format(number=x.case.number)] if one.leads else []
    for task in one.tasks:
        text = x.t.gettext("{number}, task {no}: {text}")
        found.append(text.format(number=x.case.number, no=task.no, text=common.one_line(plain(task.text))))
    for action in one.correctives:
        text = x.t.gettext("{number}, corrective action {no}, until {day}: {text}")
        what = common.one_line(plain(action.text))
        found.append(text.format(number=x.case.number, no=action.no, day=x.day(action.due), text=what))
    return [f"• {line}" for line in found]


def hand_over(t: Translator) -> str:
    """What to do about it."""
    return t.gettext(
        "Somebody else is needed for each; a new lead: `/incident role lead @name`; a task: `/incident task give 2 "
        "@name`; a corrective action: `/incident action give 1 @name`."
    )


def still_named(t: Translator) -> str:
    """Of somebody whom the policy names."""
    return t.gettext("The policy still names them; please take them out of it.")
