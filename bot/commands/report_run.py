"""The work of `wachbuch report`."""

import sys

from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import fail
from bot.moment import real_moment
from bot.periods import Misread, read_days, what_is_wrong
from bot.reporting import FORMS, lessons_text
from workflows.queries import Queries


def run_lessons(start: str, end: str, form: str) -> Exit:
    """Print the lessons of a period."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    policy = opened.policy.policy
    period = read_days((start, end), policy.zone)
    if isinstance(period, Misread):
        fail(what_is_wrong(opened.texts, period), code=Exit.USAGE)
    if form not in FORMS:
        fail(_("“{form}” is not a format.").format(form=form),
             _("Expected one of: {known}").format(known=", ".join(FORMS)), code=Exit.USAGE)  # fmt: skip
    with database(opened) as store:
        viewer = terminal_actor(opened, store)
        text = lessons_text(Queries(store), viewer, policy, period, real_moment().now(), form, opened.texts)
    sys.stdout.write(text)
    return Exit.OK
