"""The work of `wachbuch gate`."""

from bot.commands.exits import Exit
from bot.commands.identity import terminal_actor
from bot.commands.language import cli_texts
from bot.commands.opening import configuration, database
from bot.commands.show import Shown, fail
from bot.forge.marks import names
from bot.moment import real_moment
from bot.services import make_service
from workflows.change.commands import EnforceGate, ObserveGate
from workflows.change.seen import Forge
from workflows.outcome import Refused


def run_mode(repository: str, reason: str, *, enforce: bool, as_json: bool, forge: str = "") -> Exit:
    """Record from when on the gate of a repository holds, or only observes. `forge` where both have one so named."""
    opened = configuration(cli_texts())
    _ = opened.texts.gettext
    with database(opened) as store:
        with store.reading() as reads:
            known = {one: reads.links.get(names(one), repository) for one in Forge if forge in {"", one.value}}
        found = [(one, number) for one, number in known.items() if number]
        if len(found) > 1:
            fail(
                _("Both forges have a repository of this name."),
                then=_("Say which one with --forge github or --forge gitlab."),
                code=Exit.USAGE,
            )
        if not found:
            fail(
                _("Nothing is known of {repository} yet.").format(repository=repository),
                _("No news of it has arrived yet, neither by webhook nor by asking for it."),
                _("What is missing says: wachbuch doctor. With webhooks, look at their recent deliveries."),
                Exit.FINDING,
            )
        home, repository_id = found[0]
        service = make_service(store, opened.policy, real_moment())
        actor = terminal_actor(opened, store)
        command = (
            EnforceGate(forge=home, repository_id=repository_id, repository=repository, reason=reason or None)
            if enforce
            else ObserveGate(forge=home, repository_id=repository_id, repository=repository, reason=reason)
        )
        outcome = service.handle(command, actor)
    if isinstance(outcome, Refused):
        who = ", ".join(sorted({who for one in outcome.reasons for who in one.who}))
        fail(_("Not recorded."), _("Your roles do not allow this. It can be done by: {who}").format(who=who),
             code=Exit.FINDING)  # fmt: skip
    receipts = [str(receipt) for receipt in outcome.receipts]
    text = _("The gate of {repository} holds from now on.") if enforce else _("The gate of {repository} only observes.")
    Shown(as_json).result(
        {"repository": repository, "mode": "enforce" if enforce else "observe", "receipts": receipts},
        [" ".join([text.format(repository=repository), *receipts])],
    )
    return Exit.OK
