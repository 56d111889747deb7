"""Texts in other words, for where no command can be typed or nothing is known of Slack: each beside what it replaces.

A test holds that what is replaced is still said somewhere, and that the buttons that are named exist.
"""

from collections.abc import Mapping
from typing import Final

from config.texts import _

CONSOLE: Final[Mapping[str, str]] = {
    _("Add what you see with `note {number} …`."): _("Please add what you see with “Note”."),
    _(
        "{number} is on record as entered afterwards (reported {when}). Nobody is called, it has no channel, and no "
        "figure counts it. Each phase asks when it really was; `walk {number}` asks for all of them at once (S3, S4)."
    ): _(
        "{number} is on record as entered afterwards (reported {when}). Nobody is called, it has no channel, and no "
        "figure counts it. Each phase asks when it really was; “All remaining phases” asks for all of them at once "
        "(S3, S4)."
    ),
    _("{number} is over ({found}). To open it again: `back {number}`."): _(
        "{number} is over ({found}). If it goes on after all: “Open again”, on its page."
    ),
    _(
        "{number} is still in {found}. Feedback on the process is taken from Review on; until then it can be a note: "
        "`note {number} …`."
    ): _(
        "{number} is still in {found}. Feedback on the process is taken from Review on; until then it can be a note: "
        "“Note”."
    ),
    _(
        "{found} is over ({expected}), so nothing would go on there. Either open it again (`back {found}`), or assess "
        "this report by itself and link it: `link {number} {found}`."
    ): _(
        "{found} is over ({expected}), so nothing would go on there. Either open it again (“Open again”, on its page), "
        "or assess this report by itself and link it: “Link”, on the page of {number}."
    ),
    _("{subject}: {expected}, each by itself, please: `duty {number} filed …`"): _(
        "{subject}: {expected}, each by itself, please: “Notification sent”, on the page of {number}"
    ),
    _("{found} has this role already ({subject}). It can change all the same: with `role`, and a name."): _(
        "{found} has this role already ({subject}). It can change all the same: “Give a role”, on the page of the case."
    ),
    _(
        "Only the lead hands over. If the lead cannot be reached, ISB, deputy or a responder gives the role: "
        "`role lead @name`."
    ): _(
        "Only the lead hands over. If the lead cannot be reached, ISB, deputy or a responder gives the role: “Give a "
        "role”, on the page of the case."
    ),
    _("{number} is a duplicate of this case. Its log stays; `status` lists its evidence and tasks."): _(
        "{number} is a duplicate of this case. Its log stays; this page lists its evidence and tasks."
    ),
    _("{number}: {who} asks that it be destroyed: {reason}. A second person decides: `confirm {case} {number}`."): _(
        "{number}: {who} asks that it be destroyed: {reason}. A second person decides, in Slack or at a terminal: "
        "`confirm {case} {number}`."
    ),
    _("To have a file destroyed, please name it: `confirm {case} {item}`."): _(
        "A file is destroyed by its number alone, typed in Slack or at a terminal: `confirm {case} {item}`."
    ),
    _(
        "When another change takes its place: `link {number} CHG-…`. An incident that this one was to fix waits for it."
    ): _(
        "When another change takes its place: “Link”, on the page of {number}. An incident that this one was to fix "
        "waits for it."
    ),
    _("Report anything odd with `/incident`, here or by `wachbuch chat`; one sentence is enough."): _(
        "Report anything odd with “Report an incident”; one sentence is enough."
    ),
    _("I do not know “{word}”. `help` shows what there is."): _("I do not know “{word}”."),
    _("No case here that takes `{verb}` from you now."): _("There is no case to which you can do this now."),
}
"""There every step is a button or a form."""

TERMINAL: Final[Mapping[str, str]] = {
    _("Report anything odd with `/incident`, here or by `wachbuch chat`; one sentence is enough."): _(
        "Report anything odd with `report`; one sentence is enough."
    ),
    _("A number may follow the verb: {example}, or only its last digits. In a case's own channel none is needed."): _(
        "A number may follow the verb: {example}, or only its last digits."
    ),
}
"""Every command can be typed there; of Slack it knows nothing."""
