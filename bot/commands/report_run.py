"""The work of `wachbuch report`."""

import sys
from datetime import date

from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import fail
from bot.moment import real_moment
from bot.reporting import FORMS, lessons_text
from config.i18n import Translator
from workflows.queries import Queries
from workflows.reports.lessons import Period


def run_lessons(start: str, end: str, form: str) -> Exit:
    """Print the lessons of a period."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    first, last = _day(opened.texts, start), _day(opened.texts, end)
    if first > last:
        fail(_("The period ends before it begins: {start} to {end}.").format(start=start, end=end), code=Exit.USAGE)
    if form not in FORMS:
        fail(_("“{form}” is not a format.").format(form=form),
             _("Expected one of: {known}").format(known=", ".join(FORMS)), code=Exit.USAGE)  # fmt: skip
    policy = opened.policy.policy
    period = Period(first, last, policy.zone)
    with database(opened) as store:
        viewer = terminal_actor(opened, store)
        text = lessons_text(Queries(store), viewer, policy, period, real_moment().now(), form, opened.texts)
    sys.stdout.write(text)
    return Exit.OK


def _day(texts: Translator, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(texts.gettext("“{text}” is not a day; expected YYYY-MM-DD.").format(text=text), code=Exit.USAGE)
