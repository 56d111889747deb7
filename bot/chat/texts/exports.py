"""What people read about a case that is given out: that it comes, that it does not come this way, and that it did."""

from collections.abc import Mapping
from typing import Final, Protocol

from bot.chat.texts import common, who
from bot.chat.texts.told import Telling
from config.i18n import Translator
from config.policy.ids import Role
from config.policy.models import Policy
from config.texts import _
from workflows.actors import Pseudonym
from workflows.events import Recorded, plain
from workflows.exported import CaseExported, ExportForm

WHAT: Final[Mapping[ExportForm, str]] = {
    ExportForm.PROOF: _("entries with their proofs"),
    ExportForm.REPORT: _("report"),
    ExportForm.BOTH: _("report, and entries with their proofs"),
}
"""Every form has its words."""


class Tells(Protocol):
    """What a sentence about a case of either workflow may use."""

    @property
    def t(self) -> Translator:
        """The reader's language."""

    def who(self, pseudonym: Pseudonym | None) -> str:
        """The name of a person of the case."""


def sentence(x: Tells, item: Recorded, event: CaseExported) -> str:
    """Who got what, and what for."""
    text = x.t.gettext("Given out to {who}: {what}.")
    if event.purpose is not None:
        text = x.t.gettext("Given out to {who}: {what}. Purpose: {purpose}.")
    purpose = common.one_line(plain(event.purpose), 500).rstrip(".")
    return text.format(who=x.who(item.by), what=x.t.gettext(WHAT[event.form]), purpose=purpose)


def counted(x: Telling) -> str:
    """How often the case was given out, and when last; empty where it never was."""
    exports = x.case.exports
    if not exports:
        return ""
    last = exports[-1]
    text = x.t.ngettext(
        "Given out once ({when}, {who})", "Given out {count} times, last {when} to {who}", len(exports)
    )  # fmt: skip
    return text.format(count=len(exports), when=x.when(last.at), who=x.who(last.by))


def coming(t: Translator, number: str) -> str:
    """Both files are on their way to whoever asked."""
    return t.gettext(
        "{number}: the report (.md) and the export that can be verified (.json) come to you by direct message; "
        "while Slack does not take them, they wait."
    ).format(number=number)


def here(t: Translator, number: str, file: str) -> str:
    """Stands above the two files."""
    return t.gettext(
        "{number}: the report, and the export with its proofs, which `wachbuch verify {file}` checks without us. Both "
        "hold names: please keep them only as long as they are needed."
    ).format(number=number, file=file)


def taken_back(t: Translator, number: str) -> str:
    """Stands where the two files were, once their reader may not have them any more."""
    return t.gettext(
        "{number} has become confidential: the report and the export that were here are taken back. Please delete "
        "copies of your own."
    ).format(number=number)


def at_the_terminal(t: Translator, number: str) -> str:
    """Where both come from without Slack."""
    return t.gettext(
        "At the terminal: `wachbuch report case {number}` gives the report, `wachbuch export --case {number}` the "
        "entries with their proofs."
    ).format(number=number)


def too_confidential(t: Translator, number: str) -> str:
    """The case is sealed."""
    return t.gettext(
        "{number} is strictly confidential: as files it does not go to Slack, which would keep them."
    ).format(number=number)


def no_scope(t: Translator, scope: str, names: str) -> str:
    """The app may not send files. `names`: whoever can change that."""
    text = t.gettext("No files can be sent: the Slack app lacks the scope {scope}. It can be added by: {names}.")
    return common.stop(text.format(scope=scope, names=names))


def admins(t: Translator, policy: Policy) -> str:
    """Whoever can change the Slack app: administrators by name, else by their role."""
    return common.people(t, who.names(t, policy, (Role.ADMIN.value,)))


def label(t: Translator) -> str:
    """Button: gives the report of the case, and its export."""
    return t.gettext("Case report")
