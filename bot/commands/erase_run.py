"""The work of `wachbuch erase`."""

from bot.chat.texts.common import either
from bot.chat.texts.who import names
from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import Opened, configuration, database
from bot.commands.show import Shown, fail
from bot.moment import real_moment
from bot.services import make_service
from config.i18n import Translator
from workflows.decisions import Reason
from workflows.erasure import Eraser, Erasure, LegalBasis, Selection
from workflows.errors import Conflict, NotFound
from workflows.store.rows import Target


def run_request(case: str, basis: str, person: str, fields: tuple[str, ...], *, as_json: bool) -> Exit:
    """Ask for an erasure."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    if basis not in {known.value for known in LegalBasis}:
        fail(_("“{basis}” is not a legal basis we know.").format(basis=basis),
             _("Expected one of: {known}").format(known=", ".join(known.value for known in LegalBasis)),
             code=Exit.USAGE)  # fmt: skip
    if person and fields:
        fail(_("A person or single fields, not both."), code=Exit.USAGE)
    selection = Selection(case, tuple(_target(opened.texts, text) for text in fields), person)
    with database(opened) as store:
        eraser = Eraser(make_service(store, opened.policy, real_moment()))
        try:
            found = eraser.request(selection, LegalBasis(basis), terminal_actor(opened, store))
        except NotFound:
            fail(_("I cannot show anything on {case}.").format(case=case), code=Exit.FINDING)
    return _say(opened, found, as_json=as_json, done=False)


def run_confirm(erasure: str, *, as_json: bool) -> Exit:
    """Be the second person."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    with database(opened) as store:
        eraser = Eraser(make_service(store, opened.policy, real_moment()))
        try:
            found = eraser.confirm(erasure, terminal_actor(opened, store))
        except (NotFound, Conflict):
            fail(_("There is no open erasure with this id."), _("It may have been confirmed already."),
                 code=Exit.FINDING)  # fmt: skip
    return _say(opened, found, as_json=as_json, done=True)


def _target(texts: Translator, text: str) -> Target:
    index, separator, name = text.partition(":")
    if not separator or not index.isdigit() or not name:
        fail(texts.gettext("“{text}” is not a field; expected INDEX:NAME, such as 17:text.").format(text=text),
             code=Exit.USAGE)  # fmt: skip
    return Target(int(index), name)


def _say(opened: Opened, found: Erasure | Reason, *, as_json: bool, done: bool) -> Exit:
    texts = opened.texts
    if isinstance(found, Reason):
        who = names(texts, opened.policy.policy, found.who)
        refusal = {"refused": found.code, "subject": found.subject, "who": list(found.who)}
        Shown(as_json).result(refusal, [_why(texts, found).format(who=either(texts, who))])
        return Exit.FINDING
    count = len(found.targets)
    lines = [texts.ngettext("{count} field is erased.", "{count} fields are erased.", count).format(count=count)]
    if not done:
        asked = texts.ngettext(
            "Recorded: {count} field is to be erased.", "Recorded: {count} fields are to be erased.", count
        )
        second = texts.gettext("A second person confirms with: wachbuch erase confirm {id}")
        lines = [asked.format(count=count), second.format(id=found.id)]
    data = {"id": found.id, "fields": [list(target) for target in found.targets], "receipt": str(found.receipt)}
    Shown(as_json).result(data, [*lines, str(found.receipt)])
    return Exit.OK


def _why(texts: Translator, reason: Reason) -> str:
    reasons = {
        "not_allowed": texts.gettext("Your roles do not allow this. It can be done by: {who}"),
        "second_person": texts.gettext("You asked for it yourself; somebody else confirms: {who}"),
        "nothing_to_erase": texts.gettext("There is nothing left to erase."),
    }
    return reasons[reason.code]
